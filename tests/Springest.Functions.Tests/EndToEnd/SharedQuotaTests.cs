using Springest.Functions.Catalogue;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;

namespace Springest.Functions.Tests.EndToEnd;

public sealed class SharedQuotaTests(AzuriteFixture storage)
{
    private const int Pages = 200;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Two_instances_that_need_400_requests_stay_within_100_per_5_seconds()
    {
        await using var first = await TestApp.StartAsync(
            storage.Azurite,
            new SimulatorOptions { Trainings = Pages * 30, Subjects = Pages * 30, Certifications = 1 },
            settings: new()
            {
                ["Springest:Quota:Limit"] = "100",
                ["Springest:Quota:Window"] = $"{Window}",
                ["Springest:Quota:SlotLength"] = "00:00:00.100",
                // On a busy machine it may take that long until a request with a permit is there.
                ["Springest:Quota:GrantLife"] = "00:00:02",
                ["Springest:Quota:NetworkSlack"] = $"{Window}",
                ["Springest:Quota:SubmissionReserve"] = "0",
                ["Springest:Quota:WebhookReserve"] = "0",
                ["Springest:Quota:ChunkSize"] = "10",
                ["Springest:Quota:BlockTime"] = "00:00:01",
            });
        first.Simulator.Behaviour.RateLimit = new RateLimit { Limit = 100, Window = Window, Kind = RateLimitKind.Trailing };
        await using var second = await first.AnotherInstanceAsync();

        // Each goes for both, so that they compete for the run locks as well as for the quota.
        await Task.WhenAll(
            CrawlAsync(first, "CrawlTrainings", "CrawlSubjects"),
            CrawlAsync(second, "CrawlSubjects", "CrawlTrainings"));

        var requests = first.Simulator.Requests.Snapshot();
        Assert.DoesNotContain(requests, request => request.Outcome == RequestOutcome.RateLimited);
        Assert.Equal(2 * Pages, requests.Count);
        Assert.Equal(2 * Pages, requests.Select(request => (request.Path, request.Query)).Distinct().Count());
        Assert.InRange(first.Simulator.Requests.MostWithin(Window), 1, 100);
    }

    private static async Task CrawlAsync(TestApp app, params string[] functions)
    {
        while (!await IsCompleteAsync(app))
        {
            foreach (var function in functions)
                await app.FireAsync(function);
        }
    }

    private static async Task<bool> IsCompleteAsync(TestApp app)
    {
        var complete = await app.Get<MirrorStatus>().ReadAsync(TestContext.Current.CancellationToken)
            .CountAsync(status => status is { Pass: null, FullPassCompleted: not null }, TestContext.Current.CancellationToken);
        return complete == 2;
    }
}
