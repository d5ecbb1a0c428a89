using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Work that takes far longer than the run lock lasts, in many steps that each take less.</summary>
public sealed class SlowStorageTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(17);

    private readonly MemoryWorld _world = new(trainings: 65);

    [Fact]
    public async Task Reading_what_is_known_may_take_long()
    {
        await using var app = await StartAsync();
        await _world.CompleteAsync(app);
        _world.Api.FailFrom(60, System.Net.HttpStatusCode.ServiceUnavailable);
        Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));
        _world.Api.Fault = _ => null;
        var steps = 0;
        app.Tap.Before = request =>
        {
            if (request.StartsWith("GET", StringComparison.Ordinal)
                && (request.EndsWith("Trainings()", StringComparison.Ordinal)
                    || request.EndsWith($"{CatalogueStorage.Changes}()", StringComparison.Ordinal)
                    || request.EndsWith($"{CatalogueStorage.MirrorPages}()", StringComparison.Ordinal)))
            {
                steps++;
                _world.Clock.Advance(Step);
            }

            return Task.CompletedTask;
        };

        Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));

        Assert.InRange(steps, 3, 10);
    }

    [Fact]
    public async Task Forgetting_that_records_were_missed_may_take_long()
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync();
        await _world.CompleteAsync(app);
        var lost = _world.Api.Records.Take(20).ToList();
        foreach (var (id, _) in lost)
            _world.Api.Remove(id);
        await _world.CompleteAsync(app);
        foreach (var (id, json) in lost)
            _world.Api.Change(records => records.Add(id, json));
        await app.Store.Commands(new("nl", Trainings.Description)).EnqueueAsync(
            SyncCommand.Discard, null, TestContext.Current.CancellationToken);
        var others = new List<SyncOutcome>();
        app.Tap.Before = async request =>
        {
            if (!request.StartsWith("PUT", StringComparison.Ordinal) || !request.Contains("Trainings(", StringComparison.Ordinal))
                return;
            _world.Clock.Advance(Step);
            others.Add(await other.TickAsync());
        };

        Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));

        Assert.Equal(20, others.Count);
        Assert.All(others, outcome => Assert.Equal(SyncOutcome.Busy, outcome));
        Assert.DoesNotContain((await app.RowsAsync(nameof(Trainings))).Values, row => row.ContainsKey("MissingSince"));
    }

    public void Dispose() => _world.Dispose();

    private Task<MirrorApp> StartAsync() => _world.StartAsync(
        new() { ["Springest:Mirror:LeaseDuration"] = "00:00:20", ["Springest:Mirror:DeleteHoldShare"] = "1" });
}
