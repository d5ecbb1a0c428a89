using System.Net;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Quota;

/// <summary>The server's word that it has had too many requests, in all the ways in which it may say so.</summary>
public sealed class BlockedByServerTests(AzuriteFixture storage)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, true, null)]
    [InlineData(429, false, null)]
    [InlineData(403, true, null)]
    [InlineData(403, false, null)]
    [InlineData(503, true, null)]
    [InlineData(503, false, null)]
    [InlineData(420, false, "420, 429")]
    public async Task Refusal_stops_the_key_in_every_instance_until_an_order_lifts_it(int status, bool retryAfter, string? setting)
    {
        await using var one = await StartAsync(setting);
        await using var other = await one.AnotherInstanceAsync();
        one.Simulator.Behaviour.RateLimit = new RateLimit
        {
            Limit = 1, Window = TimeSpan.FromHours(1), Kind = RateLimitKind.Trailing, Status = status, RetryAfter = retryAfter,
        };

        var before = TimeProvider.System.GetUtcNow();
        await one.FireAsync("CrawlTrainings");
        var blockedUntil = await BlockedUntilAsync(one);
        var after = TimeProvider.System.GetUtcNow();
        var sent = one.Simulator.Requests.Count;
        await other.FireAsync("CrawlSubjects");

        Assert.Equal(sent, one.Simulator.Requests.Count);
        // As long as the server says, or as is set; the dates of storage have whole seconds.
        var time = retryAfter ? one.Simulator.Behaviour.RateLimit.Window : new QuotaOptions().BlockTime;
        Assert.InRange(blockedUntil, before + time - TimeSpan.FromSeconds(3), after + time + TimeSpan.FromSeconds(3));

        one.Simulator.Behaviour.RateLimit = new RateLimit();
        Assert.Equal(HttpStatusCode.Accepted, await UnblockAsync(one, TestApp.Site));
        Assert.Equal(HttpStatusCode.NotFound, await UnblockAsync(one, "none"));
        await one.FireAsync("CrawlSubjects");
        Assert.True(one.Simulator.Requests.Count > sent, "Nothing was sent after the pause was ended.");
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(429, "403")]
    public async Task Any_other_failure_stops_nobody(int status, string? setting)
    {
        await using var app = await StartAsync(setting);
        app.Simulator.Behaviour.Faults.Add(new Fault { Status = status, Path = "/trainings" });

        await Record.ExceptionAsync(() => app.FireAsync("CrawlTrainings"));
        await app.FireAsync("CrawlCertifications");

        var quotas = await app.Get<QuotaLimiterRegistry>().ReadStatusAsync(TestApp.Site, Cancellation);
        Assert.All(quotas, quota => Assert.Null(quota.BlockedUntil));
        Assert.Contains(app.Simulator.Requests.Snapshot(), request => request.Path.StartsWith("/certifications", StringComparison.Ordinal));
    }

    private static Task<HttpStatusCode> UnblockAsync(TestApp app, string site) => app.ManageAsync($"quota/{site}/unblock");

    private Task<TestApp> StartAsync(string? setting) => TestApp.StartAsync(storage.Azurite, settings: new()
    {
        ["Springest:Sites:nl:RateLimitStatuses"] = setting ?? new SpringestSiteOptions().RateLimitStatuses,
        ["Springest:Sites:nl:BreakDuration"] = "00:00:00",
        ["Springest:Sites:nl:RetryDelay"] = "00:00:00.010",
        // Far less than the shortest time for which a key is stopped, or the rest of that would be waited for.
        ["Springest:Quota:PassPatience"] = "00:00:05",
    });

    /// <summary>Waits until it is stored, and so known to all instances.</summary>
    internal static async Task<DateTimeOffset> BlockedUntilAsync(TestApp app, SpringestKey key = SpringestKey.General)
    {
        while (true)
        {
            var quota = (await app.Get<QuotaLimiterRegistry>().ReadStatusAsync(TestApp.Site, Cancellation)).Single(quota =>
                quota.Key == key);
            if (quota.BlockedUntil is { } until)
                return until;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
