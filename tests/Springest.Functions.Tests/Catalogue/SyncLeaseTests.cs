using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Sync;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Who may work, and for how long. That it is so on a real server as well is shown by <see cref="StaleRunTests"/>.</summary>
public sealed class SyncLeaseTests : IDisposable
{
    private static readonly TimeSpan Lease = new MirrorOptions().LeaseDuration;

    private readonly MemoryWorld _world = new(trainings: 120);

    [Fact]
    public async Task The_lease_of_a_dead_run_expires()
    {
        await using var dead = await _world.StartAsync();
        dead.Tap.KillAt(10, answerLost: false);
        await Assert.ThrowsAsync<KilledException>(() => dead.TickAsync());

        await using var next = await _world.StartAsync();
        Assert.Equal(SyncOutcome.Busy, await next.TickAsync());
        _world.Clock.Advance(Lease);
        Assert.Equal(SyncOutcome.Busy, await next.TickAsync());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SyncOutcome.Completed, await next.TickAsync());

        Assert.Equal(_world.Api.Records.Keys, (await next.RecordsAsync()).Keys.Order());
        Assert.Equal(120, (await next.ChangesAsync()).Count);
    }

    [Fact]
    public async Task A_run_that_was_held_up_beyond_its_lease_gives_up()
    {
        await using var slow = await _world.StartAsync();
        await using var next = await _world.StartAsync();
        var isHeld = false;
        slow.Tap.Before = async request =>
        {
            if (isHeld || !request.EndsWith("$batch", StringComparison.Ordinal))
                return;
            isHeld = true;
            // While its first page is about to be written, another run finds the lease expired and does all the work.
            _world.Clock.Advance(2 * Lease);
            Assert.Equal(SyncOutcome.Completed, await next.TickAsync());
        };

        Assert.Equal(SyncOutcome.Busy, await slow.TickAsync());

        Assert.True(isHeld);
        Assert.Equal(_world.Api.Records.Keys, (await next.RecordsAsync()).Keys.Order());
        Assert.Equal(120, (await next.ChangesAsync()).Count);
        Assert.True(_world.Api.Requests <= 6, "The run that was held up has gone on.");
    }

    [Fact]
    public async Task A_run_that_is_out_of_time_leaves_the_rest_to_the_next()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:TimeBudget"] = "00:00:01" });
        _world.Api.Fault = offset =>
        {
            if (offset == 30)
                _world.Clock.Advance(TimeSpan.FromSeconds(1));
            return null;
        };

        Assert.Equal(SyncOutcome.Unfinished, await app.TickAsync());
        Assert.InRange((await app.RecordsAsync()).Count, 30, 90);
        _world.Api.Fault = _ => null;
        Assert.Equal(SyncOutcome.Completed, await app.TickAsync());

        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
        Assert.True(_world.Api.Requests <= 5, "More than the page in flight was fetched again.");
    }

    public void Dispose() => _world.Dispose();
}
