using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>A pass that is interrupted goes on where it stood: only the pages that were under way are asked for again.</summary>
public sealed class ResumeTests(World world) : ProcessTests(world)
{
    private const int Pages = 120;
    private const int Prefetch = 8;

    [Fact]
    public async Task A_pass_goes_on_after_a_stop_and_after_a_kill()
    {
        await using var app = await World.StartAsync(
            "resume", new() { ["Springest__Mirror__LeaseDuration"] = "00:10:00", ["Springest__Mirror__Prefetch"] = $"{Prefetch}" },
            App.Simulated with { Trainings = Pages * 30 });
        app.Simulator.Behaviour.Latency = new Latency(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await app.FireAsync("CrawlTrainings");

        await InterruptAsync(app, async instance => Assert.Equal(0, await instance.StopAsync(TestContext.Current.CancellationToken)));
        await InterruptAsync(app, Kill);

        var before = Repeated(app);
        await Eventually.BeAsync("the pass comes to its end", async () =>
        {
            // Nothing happens once all is read.
            await app.FireAsync("CrawlTrainings");
            return Different(app) == Pages;
        });
        await Mirror.BecomesEqualAsync(app, "Trainings");
        Assert.InRange(Repeated(app) - before, 0, 2 * Prefetch);
    }

    /// <summary>Ends the instance when it has read on, and starts another.</summary>
    private static async Task InterruptAsync(App app, Func<AppProcess, Task> end)
    {
        var (repeated, read) = (Repeated(app), Different(app));
        await Eventually.BeAsync("a part of the pages is asked for", async () =>
        {
            if (read > 0)
                await app.FireAsync("CrawlTrainings");
            return Different(app) > read + (2 * Prefetch);
        });

        await end(app.Instances[^1]);
        Assert.InRange(Different(app), 2 * Prefetch, Pages - 1);
        // Those under way at the end before, and those that came but were not yet their turn.
        Assert.InRange(Repeated(app) - repeated, 0, 2 * Prefetch);
        // As when the time of the dead one's lock is up, which the tests of taking over wait for.
        await Mirror.EndLeasesAsync(app, await Mirror.HoldersAsync(app));
        await app.StartInstanceAsync();
    }

    private static int Different(App app) => Requests(app).DistinctBy(request => request.Query).Count();

    private static int Repeated(App app) => Requests(app).Count() - Different(app);

    private static IEnumerable<RecordedRequest> Requests(App app)
        => app.Simulator.Requests.Snapshot().Where(request => request.Path.Split('.')[0] == "/trainings");
}
