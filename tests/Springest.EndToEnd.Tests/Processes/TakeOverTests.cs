using System.Diagnostics;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>Of two instances one runs a timer; when that one goes, the other takes over.</summary>
public sealed class TakeOverTests(World world) : ProcessTests(world)
{
    private const string Timer = "ApplyWebhooks";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>After a kill the lease has to run out, and the other to ask for it, each a minute.</summary>
    [Fact]
    public async Task Another_instance_takes_the_timers_of_one_that_is_stopped_and_a_third_those_of_one_that_is_killed()
    {
        await using var app = await World.StartAsync("take-over", Brisk(("Springest__Certificates__SweepSchedule", OnceAYear)));

        await TakeOverAsync(
            app, "stop", async instance => Assert.Equal(0, await instance.StopAsync(TestContext.Current.CancellationToken)));
        await TakeOverAsync(app, "kill", Kill);
    }

    private static async Task TakeOverAsync(App app, string how, Func<AppProcess, Task> end)
    {
        var first = app.Instances[^1];
        await Eventually.BeAsync("the first instance runs the timer", () => first.Runs(Timer) > 1);
        var second = await app.StartInstanceAsync();
        var runs = first.Runs(Timer);
        await Eventually.BeAsync("the first instance goes on", () => first.Runs(Timer) > runs + 2);
        Assert.Equal(0, second.Runs(Timer));

        var clock = Stopwatch.StartNew();
        await end(first);
        await Eventually.BeAsync("the second instance runs the timer", () => second.Runs(Timer) > 0, Patience);

        Console.WriteLine($"Timers taken over after a {how}: {clock.Elapsed.TotalSeconds:0.0} s");
        app.PointTo(second.Address);
        var training = Mirror.Publish(app);
        await app.TellAsync(Webhook.Update(training));
        await Mirror.HasAsync(app, training);
    }
}
