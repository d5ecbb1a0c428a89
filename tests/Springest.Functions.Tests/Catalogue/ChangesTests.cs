using Microsoft.Extensions.Time.Testing;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Testing.Catalogue;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What a reader of the changes can rely on.</summary>
public sealed class ChangesTests
{
    private readonly FakeTimeProvider _clock = new();

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
            await RefreshAsync(other, 6);
            await ReadAsync(other, read);
        };

        await Assert.ThrowsAsync<TimeoutException>(() => slow.TickAsync());
        Assert.Single(read);
        await other.ExpireLeaseAsync();
        await other.CompleteAsync();
        await ReadAsync(other, read);

        Assert.Equal(6, read.Count);
        Assert.Equal((await other.RowsAsync(CatalogueStorage.Changes)).Keys, read);

        async Task<bool> HasRowsAsync() => (await other.RowsAsync(nameof(Trainings))).Count > 0;
    }

    [Fact]
    public async Task A_change_that_an_overtaken_run_did_not_come_to_write_is_found_by_the_next_full_pass()
    {
        using var memory = new MemoryStorage(_clock);
        using var api = new ChaosApi(_clock);
        for (var id = 1; id <= 5; id++)
            api.Put(id, "Old");
        await using var overtaken = await StartAsync(memory, api);
        await using var other = await StartAsync(memory, api);
        await other.CompleteAsync();
        api.Put(6, "New");
        var record = api.Records[6];
        overtaken.Tap.Before = async request =>
        {
            if (!request.EndsWith("$batch", StringComparison.Ordinal))
                return;
            // It is about to write the row. Another run ends the pass, in which the record is not to be seen; then it writes the row, and
            // dies.
            overtaken.Tap.Before = null;
            api.Remove(6);
            _clock.Advance(TimeSpan.FromMinutes(10));
            await other.ExpireLeaseAsync();
            await other.CompleteAsync();
            overtaken.Tap.KillAt(1, answerLost: false);
        };
        await Assert.ThrowsAsync<KilledException>(() => overtaken.TickAsync());
        Assert.Equal(record, (await other.RecordsAsync())[6]);
        Assert.DoesNotContain("Created 6", await other.ChangesAsync());

        api.Change(records => records.Add(6, record));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await using var next = await StartAsync(memory, api);
        await next.CompleteAsync();

        Assert.Equal(["Created 1", "Created 2", "Created 3", "Created 4", "Created 5", "Created 6"], await other.ChangesAsync());
    }

    [Fact]
    public async Task A_change_that_is_given_a_new_time_and_is_stuck_again_does_not_appear_behind_a_reader()
    {
        using var memory = new MemoryStorage(_clock);
        using var api = new ChaosApi(_clock);
        for (var id = 1; id <= 5; id++)
            api.Put(id, "Old");
        await using var dying = await StartAsync(memory, api);
        await using var other = await StartAsync(memory, api);
        dying.Tap.Before = request =>
        {
            // The rows are written, and their changes are not.
            if (request.EndsWith("$batch", StringComparison.Ordinal))
                dying.Tap.KillAt(1, answerLost: false);
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<KilledException>(() => dying.TickAsync());
        _clock.Advance(TimeSpan.FromMinutes(10));
        var read = new List<string>();
        other.Tap.Before = async request =>
        {
            if (!request.StartsWith("PUT", StringComparison.Ordinal) || !request.Contains("Trainings(", StringComparison.Ordinal))
                return;
            // The change has its new time in a row that is about to be written, when the network stands still.
            other.Tap.Before = null;
            _clock.Advance(TimeSpan.FromSeconds(5));
            api.Put(6, "New");
            await RefreshAsync(other, 6);
            await ReadAsync(other, read);
        };

        await RefreshAsync(other, 1);
        Assert.Single(read);
        await other.ExpireLeaseAsync();
        await other.CompleteAsync();
        await ReadAsync(other, read);

        Assert.Equal(6, read.Count);
        Assert.Equal((await other.RowsAsync(CatalogueStorage.Changes)).Keys, read);
    }

    private static Task<ApplyOutcome> RefreshAsync(MirrorApp app, long id)
        => app.Mirror.RefreshAsync(
            new("nl", Trainings.Description), id, () => Task.FromResult(true),
            TestContext.Current.CancellationToken);

    /// <summary>Has a reader of the changes go on three minutes later.</summary>
    private async Task ReadAsync(MirrorApp app, List<string> read)
    {
        _clock.Advance(TimeSpan.FromMinutes(3));
        var changes = app.Store.Changes(new("nl", Trainings.Description));
        await foreach (var change in changes.ReadAsync(read.LastOrDefault() ?? "", TestContext.Current.CancellationToken))
            read.Add(change.RowKey);
    }

    private Task<MirrorApp> StartAsync(MemoryStorage memory, ChaosApi api)
        => MirrorApp.StartAsync(
            MemoryStorage.ConnectionString,
            "changes",
            new Uri("https://api.example"),
            clock: _clock,
            memory: memory,
            api: api);
}
