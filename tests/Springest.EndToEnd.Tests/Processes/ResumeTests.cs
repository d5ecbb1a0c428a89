using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>A pass that is interrupted goes on where it stood: only the pages that were under way are asked for again.</summary>
public sealed class ResumeAfterStopTests(World world) : ResumeTests(world)
{
    [Fact]
    public Task A_pass_goes_on_after_a_stop()
        => ResumeAsync("stop", async instance => Assert.Equal(0, await instance.StopAsync(TestContext.Current.CancellationToken)));
}

/// <summary>The same after the end of the host and its worker without a warning.</summary>
public sealed class ResumeAfterKillTests(World world) : ResumeTests(world)
{
    [Fact]
    public Task A_pass_goes_on_after_a_kill() => ResumeAsync("kill", Kill);
}

public abstract class ResumeTests(World world) : ProcessTests(world)
{
    private const int Pages = 120;
    private const int Prefetch = 8;

    protected async Task ResumeAsync(string how, Func<AppProcess, Task> end)
    {
        await using var app = await World.StartAsync(
            $"resume-{how}", new() { ["Springest__Mirror__LeaseDuration"] = "00:10:00", ["Springest__Mirror__Prefetch"] = $"{Prefetch}" },
            App.Simulated with { Trainings = Pages * 30 });
        app.Simulator.Behaviour.Latency = new Latency(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await app.FireAsync("CrawlTrainings");
        await Eventually.BeAsync("a part of the pages is asked for", () => Requests(app).Count() > 2 * Prefetch);

        await end(app.Instances[0]);
        Assert.InRange(Requests(app).Count(), 2 * Prefetch, Pages - 1);
        // As when the time of the dead one's lock is up, which the tests of taking over wait for.
        await Mirror.EndLeasesAsync(app, await Mirror.HoldersAsync(app));
        await app.StartInstanceAsync();

        await Eventually.BeAsync("the pass comes to its end", async () =>
        {
            // Nothing happens once all is read.
            await app.FireAsync("CrawlTrainings");
            return Requests(app).DistinctBy(request => request.Query).Count() == Pages;
        });
        await Mirror.BecomesEqualAsync(app, "Trainings");
        // Those under way, and those that came but were not yet their turn.
        Assert.InRange(Requests(app).Count(), Pages, Pages + (2 * Prefetch));
    }

    private static IEnumerable<RecordedRequest> Requests(App app)
        => app.Simulator.Requests.Snapshot().Where(request => request.Path.Split('.')[0] == "/trainings");
}
