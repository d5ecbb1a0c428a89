using Springest.Functions.Catalogue;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Who may work, and for how long.</summary>
public sealed class RunLockTests(AzuriteFixture azurite)
{
    private static readonly Dictionary<string, string?> Impatient = new() { ["Springest:Mirror:LockDuration"] = "00:00:02", ["Springest:Mirror:Prefetch"] = "1" };

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task The_lock_of_a_dead_run_expires()
    {
        await using var simulator = await SimulateAsync();
        await using var dead = await StartAsync(simulator, Impatient);
        dead.Tap.KillAt(10, answerLost: false);
        await Assert.ThrowsAsync<KilledException>(() => dead.TickAsync());

        await using var next = await StartAsync(simulator, Impatient);
        Assert.Equal(TickOutcome.Busy, await next.TickAsync());
        await TakeOverAsync(next);

        Assert.Equal(simulator.Catalogue.Trainings.Ids, (await next.RecordsAsync()).Keys.Order());
        Assert.Equal(120, (await next.ChangesAsync()).Count);
    }

    [Fact]
    public async Task A_run_that_was_held_up_beyond_its_lock_gives_up()
    {
        await using var simulator = await SimulateAsync();
        await using var slow = await StartAsync(simulator, Impatient);
        await using var next = await StartAsync(simulator, Impatient);
        var isHeld = false;
        slow.Tap.Before = async request =>
        {
            if (isHeld || !request.EndsWith("$batch", StringComparison.Ordinal))
                return;
            isHeld = true;
            // While its first page is about to be written, another run finds the lock expired and does all the work.
            await TakeOverAsync(next);
        };

        Assert.Equal(TickOutcome.Busy, await slow.TickAsync());

        Assert.True(isHeld);
        Assert.Equal(simulator.Catalogue.Trainings.Ids, (await next.RecordsAsync()).Keys.Order());
        Assert.Equal(120, (await next.ChangesAsync()).Count);
        Assert.True(simulator.Requests.Count <= 6, "The run that was held up has gone on.");
    }

    [Fact]
    public async Task A_run_that_is_out_of_time_leaves_the_rest_to_the_next()
    {
        await using var simulator = await SimulateAsync();
        simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(600), TimeSpan.FromMilliseconds(600));
        await using var app = await StartAsync(simulator, new() { ["Springest:Mirror:TimeBudget"] = "00:00:01", ["Springest:Mirror:Prefetch"] = "1" });

        Assert.Equal(TickOutcome.Paused, await app.TickAsync());
        simulator.Behaviour.Latency = Latency.None;
        Assert.Equal(TickOutcome.Completed, await app.TickAsync());

        Assert.Equal(simulator.Catalogue.Trainings.Ids, (await app.RecordsAsync()).Keys.Order());
        Assert.True(simulator.Requests.Count <= 5, "More than the page in flight was fetched again.");
    }

    private static async Task TakeOverAsync(MirrorApp app)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (await app.TickAsync() is TickOutcome.Busy)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30), "The lock does not expire.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static Task<SimulatorServer> SimulateAsync()
        => SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 120, Subjects = 3, Certifications = 3 }, TestContext.Current.CancellationToken);

    private Task<MirrorApp> StartAsync(SimulatorServer simulator, Dictionary<string, string?> settings)
        => MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator, settings);
}
