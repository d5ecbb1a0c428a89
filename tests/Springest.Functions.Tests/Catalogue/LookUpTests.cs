using System.Net;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Missing records, when looking them up goes wrong.</summary>
public sealed class LookUpTests : IDisposable
{
    private readonly MemoryWorld _world = new(trainings: 60);

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, 3)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 3)]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.Unauthorized, 1)]
    [InlineData(HttpStatusCode.Forbidden, 1)]
    [InlineData(HttpStatusCode.OK, 1)]
    public async Task A_record_that_cannot_be_looked_up_stays_and_holds_up_nothing(HttpStatusCode status, int runs)
    {
        await using var app = await LoseAsync(7, 9);
        _world.Api.LookUpFault = id => id == 7 ? ChaosApi.Answer("<html>", status) : null;

        Assert.Equal(runs, await _world.CompleteAsync(app));

        Assert.Equal([7], (await app.RecordsAsync()).Keys.Except(_world.Api.Records.Keys));
        Assert.Equal("Deleted 9", (await app.ChangesAsync())[^1]);
        _world.Api.Put(100, "New");
        await _world.CompleteAsync(app);
        Assert.Contains(100, (await app.RecordsAsync()).Keys);

        _world.Api.LookUpFault = _ => null;
        Assert.Equal(1, await _world.CompleteAsync(app));
        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Fact]
    public async Task A_record_that_is_gone_for_good_is_deleted()
    {
        await using var app = await LoseAsync(7);
        _world.Api.LookUpFault = id => id == 7 ? ChaosApi.Answer("", HttpStatusCode.Gone) : null;

        await _world.CompleteAsync(app);

        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Fact]
    public async Task However_many_were_deleted_a_404_counts_only_beside_one_that_is_found()
    {
        using var world = new MemoryWorld(trainings: 0);
        for (var id = 2001; id <= 2060; id++)
            world.Api.Put(id, "Old");
        await using var app = await world.StartAsync();
        await world.CompleteAsync(app);
        // As many rows as storage gives at once, before all others.
        var writer = app.Store.Writer(new("nl", Trainings.Description));
        for (var id = 1; id <= 1000; id++)
            await writer.DeleteAsync(
                id, world.Clock.GetUtcNow(), ChangeSource.Webhook, () => Task.CompletedTask, TestContext.Current.CancellationToken);
        world.Api.Remove(2007);
        world.Api.LookUpFault = _ => ChaosApi.Answer("", HttpStatusCode.NotFound);

        for (var pass = 0; pass < 3; pass++)
            await world.CompleteAsync(app);

        Assert.Equal(60, (await app.RecordsAsync()).Count);
        world.Api.LookUpFault = _ => null;
        await world.CompleteAsync(app);
        Assert.Equal(59, (await app.RecordsAsync()).Count);
    }

    [Fact]
    public async Task Many_that_cannot_be_looked_up_do_not_keep_the_others()
    {
        await using var app = await LoseAsync([.. Enumerable.Range(1, 40)]);
        _world.Api.LookUpFault = id => id <= 30 ? ChaosApi.Answer("", HttpStatusCode.InternalServerError) : null;

        for (var pass = 0; pass < 5; pass++)
            Assert.InRange(await _world.CompleteAsync(app), 1, 3);

        Assert.Equal(
            [.. Enumerable.Range(1, 30), .. Enumerable.Range(41, 20)],
            (await app.RecordsAsync()).Keys.Order().Select(id => (int)id));
    }

    [Fact]
    public async Task When_there_were_too_many_requests_the_same_pass_looks_it_up_later()
    {
        await using var app = await LoseAsync(7);
        _world.Api.LookUpFault = _ => ChaosApi.Answer("", HttpStatusCode.TooManyRequests);
        for (var tick = 0; tick < 6; tick++)
            Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));

        _world.Api.LookUpFault = _ => null;
        _world.Clock.Advance(TimeSpan.FromHours(1));
        await _world.CompleteAsync(app);

        Assert.Equal("Deleted 7", (await app.ChangesAsync())[^1]);
    }

    [Fact]
    public async Task One_that_takes_longer_than_the_lock_lasts_leaves_it_to_nobody_else()
    {
        // The holder waits for a quarter of the time that its lock lasts, then writes, and waits again.
        var clock = new WatchedClock(_world.Clock, new MirrorOptions().LeaseDuration / 4);
        await using var app = await LoseAsync(clock, 7);
        await using var other = await _world.StartAsync();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lookUp = _world.Api.Requests + 3;
        _world.Api.Before = () => _world.Api.Requests == lookUp ? answer.Task : Task.CompletedTask;
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        var tick = app.TickAsync();
        await clock.WaitBegunAsync();

        for (var seconds = 0; seconds < 100; seconds += 20)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(20));
            await clock.WaitBegunAsync();
            Assert.Equal(SyncOutcome.Busy, await other.TickAsync());
        }

        answer.SetResult();
        Assert.Equal(SyncOutcome.Completed, await tick);
        Assert.Equal("Deleted 7", (await app.ChangesAsync())[^1]);
    }

    public void Dispose() => _world.Dispose();

    /// <summary>An app whose last pass has missed some records that are no longer there.</summary>
    private Task<MirrorApp> LoseAsync(params int[] ids) => LoseAsync(_world.Clock, ids);

    private async Task<MirrorApp> LoseAsync(TimeProvider clock, params int[] ids)
    {
        var app = await _world.StartAsync(
            new() { ["Springest:Mirror:DeleteHoldShare"] = "1", ["Springest:Sites:nl:AttemptTimeout"] = "00:02:00" }, clock);
        await _world.CompleteAsync(app);
        foreach (var id in ids)
            _world.Api.Remove(id);
        await _world.CompleteAsync(app);
        Assert.Equal(ids.Length, (await app.RowsAsync(nameof(Trainings))).Values.Count(row => row.ContainsKey("MissingSince")));
        return app;
    }
}
