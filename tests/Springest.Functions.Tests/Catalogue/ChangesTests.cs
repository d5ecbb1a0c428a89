using Springest.Functions.Catalogue;
using Springest.Functions.Quota;
using Springest.Functions.Storage;
using Springest.Testing;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What a reader of the changes can rely on.</summary>
public sealed class ChangesTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Changes_that_were_stuck_on_their_way_do_not_appear_behind_a_reader()
    {
        using var memory = new MemoryStorage(_clock);
        using var api = new ChaosApi(_clock);
        for (var id = 1; id <= 5; id++)
            api.Put(id, "Old");
        await using var slow = await StartAsync(memory, api);
        await using var other = await StartAsync(memory, api);
        var read = new List<string>();
        slow.Tap.Before = async request =>
        {
            if (request.StartsWith("GET", StringComparison.Ordinal) || !await HasRowsAsync())
                return;
            // The rows are written, and their changes are about to be, when the network stands still.
            slow.Tap.Before = null;
            _clock.Advance(TimeSpan.FromMinutes(10));
            api.Put(6, "New");
            await other.Mirror.RefreshAsync("nl", CatalogueResource.Trainings, 6, ChangeSource.Webhook, QuotaClass.Webhook, TestContext.Current.CancellationToken);
            await ReadAsync();
        };

        await Assert.ThrowsAsync<TimeoutException>(() => slow.TickAsync());
        Assert.Single(read);
        await other.ExpireLockAsync();
        await other.CompleteAsync();
        await ReadAsync();

        Assert.Equal(6, read.Count);
        Assert.Equal((await other.RowsAsync(Tables.Changes)).Keys, read);

        async Task<bool> HasRowsAsync() => (await other.RowsAsync(Tables.Trainings)).Count > 0;

        async Task ReadAsync()
        {
            _clock.Advance(TimeSpan.FromMinutes(3));
            var changes = other.Store.Changes("nl", ResourceDescription.Of(CatalogueResource.Trainings));
            await foreach (var change in changes.ReadAsync(read.LastOrDefault() ?? "", TestContext.Current.CancellationToken))
                read.Add(change.RowKey);
        }
    }

    private Task<MirrorApp> StartAsync(MemoryStorage memory, ChaosApi api)
        => MirrorApp.StartAsync(MemoryStorage.ConnectionString, "changes", new Uri("https://api.example"), clock: _clock, memory: memory, api: api);
}
