using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>However many instances ask, Springest never sees more than its limit.</summary>
public sealed class QuotaTests(World world) : ProcessTests(world)
{
    private const int Limit = 60;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Two_instances_stay_within_one_limit()
    {
        await using var app = await World.StartAsync(
            "quota",
            BriskMirror(
                ("Springest__Quota__Limit", $"{Limit}"),
                ("Springest__Quota__Window", $"{Window}"),
                ("Springest__Quota__GrantLife", "00:00:01"),
                ("Springest__Sites__nl__AttemptTimeout", "00:00:02"),
                ("Springest__Quota__WebhookShare", "1"),
                ("Springest__Quota__BlockTime", "00:00:01")),
            App.Simulated with
            {
                Trainings = 60 * 30,
                Subjects = 30 * 30,
            });
        app.Simulator.Behaviour.RateLimit = new RateLimit
        {
            Limit = Limit,
            Window = Window,
            Kind = RateLimitKind.Trailing,
        };
        var second = await app.StartInstanceAsync();

        // The timers run in one instance, so the other is told to; and webhooks come to both.
        var trainings = new List<long>();
        while (trainings.Count < 20)
        {
            var (training, instance) = (Mirror.Publish(app), trainings.Count % 2 == 0 ? app.Address : second.Address);
            Assert.Equal(
                202,
                (int)
                    (
                        await app.SendAsync(
                            "POST",
                            "admin/functions/CrawlSubjects",
                            app.Keys.Master,
                            new StringContent("{}", null, "application/json"),
                            instance: second.Address)
                    ).Status);
            await app.TellAsync(Webhook.Update(training), instance: instance);
            trainings.Add(training);
        }

        foreach (var training in trainings)
            await Mirror.HasAsync(app, training);
        await Task.WhenAll(Mirror.BecomesEqualAsync(app, "Trainings"), Mirror.BecomesEqualAsync(app, "Subjects"));
        Assert.DoesNotContain(app.Simulator.Requests.Snapshot(), request => request.Outcome == RequestOutcome.RateLimited);
        Assert.InRange(app.Simulator.Requests.Count, 2 * Limit, int.MaxValue);
        Assert.InRange(app.Simulator.Requests.MostWithin(Window), 1, Limit);
    }
}
