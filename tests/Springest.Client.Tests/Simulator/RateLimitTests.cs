using System.Net;
using Microsoft.Extensions.Time.Testing;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Recording;

namespace Springest.Client.Tests.Simulator;

public sealed class RateLimitTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(100);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fixed_window_begins_anew_when_the_clock_reaches_its_end()
    {
        await using var simulator = await StartAsync(new RateLimit { Limit = 3, Window = Window });
        using var api = new ApiCaller(simulator);
        _clock.Advance(TimeSpan.FromSeconds(90) - Since(Window));

        Assert.Equal("1110", await AskAsync(api, 4));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("0", await AskAsync(api, 1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("1110", await AskAsync(api, 4));
        Assert.Equal(6, simulator.Requests.MostWithin(Window));
    }

    [Fact]
    public async Task A_trailing_window_never_lets_more_pass_in_any_stretch_of_its_length()
    {
        await using var simulator = await StartAsync(new RateLimit { Limit = 3, Window = Window, Kind = RateLimitKind.Trailing });
        using var api = new ApiCaller(simulator);

        Assert.Equal("1", await AskAsync(api, 1));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("110", await AskAsync(api, 3));
        _clock.Advance(TimeSpan.FromSeconds(40) - TimeSpan.FromTicks(1));
        Assert.Equal("0", await AskAsync(api, 1));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("10", await AskAsync(api, 2));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("110", await AskAsync(api, 3));
        Assert.Equal(3, simulator.Requests.MostWithin(Window, "general"));
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(503, true)]
    [InlineData(403, false)]
    public async Task A_refusal_says_what_is_set(int status, bool retryAfter)
    {
        await using var simulator = await StartAsync(
            new RateLimit { Limit = 1, Window = Window, Kind = RateLimitKind.Trailing, Status = status, RetryAfter = retryAfter });
        using var api = new ApiCaller(simulator);
        await AskAsync(api, 1);
        _clock.Advance(TimeSpan.FromSeconds(30.5));

        using var refusal = await api.GetAsync("subjects.json");

        Assert.Equal(status, (int)refusal.StatusCode);
        Assert.Equal("""{"error":"Rate limit exceeded"}""", await refusal.Content.ReadAsStringAsync(Ended));
        Assert.Equal(retryAfter ? TimeSpan.FromSeconds(70) : null, refusal.Headers.RetryAfter?.Delta);
        var refused = await simulator.Requests.WaitForAsync(request => request.Outcome == RequestOutcome.RateLimited, Ended);
        Assert.Equal((2, status), (refused.Number, refused.Status));
    }

    [Fact]
    public async Task Each_key_has_its_own_limit_and_requests_without_one_have_none()
    {
        await using var simulator = await StartAsync(new RateLimit { Limit = 2, Window = Window }, certificationsKey: "other");
        using var general = new ApiCaller(simulator);
        using var certifications = new ApiCaller(simulator, "other");
        using var stranger = new ApiCaller(simulator, "stranger");

        Assert.Equal("110", await AskAsync(general, 3));
        Assert.Equal(HttpStatusCode.OK, await certifications.StatusAsync("certifications.json"));
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await stranger.StatusAsync("trainings.json"));
    }

    [Fact]
    public async Task Many_at_once_get_exactly_the_limit()
    {
        await using var simulator = await StartAsync(new RateLimit { Limit = 40, Window = Window, Kind = RateLimitKind.Trailing });
        using var api = new ApiCaller(simulator);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => api.StatusAsync("subjects.json?size=1")));

        Assert.Equal(40, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(60, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    private static async Task<string> AskAsync(ApiCaller api, int times)
    {
        var passed = "";
        for (var i = 0; i < times; i++)
            passed += await api.StatusAsync("subjects.json?size=1") == HttpStatusCode.OK ? "1" : "0";
        return passed;
    }

    private TimeSpan Since(TimeSpan window) => TimeSpan.FromTicks(_clock.GetUtcNow().UtcTicks % window.Ticks);

    private async Task<SimulatorServer> StartAsync(RateLimit limit, string? certificationsKey = null)
    {
        var options = new SimulatorOptions { Trainings = 2, Subjects = 3, TimeProvider = _clock, CertificationsApiKey = certificationsKey };
        var simulator = await SimulatorServer.StartAsync(options, Ended);
        simulator.Behaviour.RateLimit = limit;
        return simulator;
    }
}
