using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests;

/// <summary>One permit is one request, and how the server says that there were too many.</summary>
public sealed class PermitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Permit_is_one_request_when_pooled_connections_break()
    {
        await using var api = await Api.StartAsync(configure: site => site.Retries = 0);
        var permits = 0;
        using var limiter = new CountingLimiter(() => Interlocked.Increment(ref permits));
        var client = api.Client.WithRateLimiter(_ => limiter);
        // Eight connections that are kept; then the server handles a request on each and closes it without an answer.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.ListSubjects().FirstAsync(Cancellation).AsTask()));
        api.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close });

        foreach (var _ in Enumerable.Range(0, 3))
            await Assert.ThrowsAsync<SpringestException>(() => client.ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.Equal(11, permits);
        Assert.Equal(permits, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task Permit_that_is_too_old_is_replaced_and_what_was_done_with_it_done_again()
    {
        await using var api = await Api.StartAsync();
        var (permits, begun) = (0, 0);
        using var limiter = new AgingLimiter(() => ++permits < 3 ? TimeSpan.Zero : TimeSpan.FromSeconds(1));
        var upload = Uploads.Certificate() with { Begin = _ => Task.FromResult(begun++) };

        await api.Client.WithRateLimiter(_ => limiter).CreateCertificateAsync(upload, Cancellation);

        Assert.Equal((3, 3, 1), (permits, begun, api.Simulator.Requests.Count));
    }

    [Fact]
    public async Task Permits_that_are_all_too_old_are_none()
    {
        await using var api = await Api.StartAsync(configure: site => site.Retries = 0);
        var permits = 0;
        using var limiter = new AgingLimiter(() => -TimeSpan.FromSeconds(++permits));

        var fault = await Assert.ThrowsAsync<SpringestException>(
            () => api.Client.WithRateLimiter(_ => limiter).ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.True(fault.RateLimited);
        Assert.Equal((3, 0), (permits, api.Simulator.Requests.Count));
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("86400")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task Pause_is_at_most_an_hour(string header)
    {
        var (fault, told) = await RefuseAsync(429, "", header);

        Assert.Equal(TimeSpan.FromHours(1), fault.RetryAfter);
        Assert.Equal([TimeSpan.FromHours(1)], told);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Mon, 05 Jan 2015 08:00:00 GMT")]
    public async Task Pause_that_is_over_is_none(string header)
    {
        var (fault, told) = await RefuseAsync(429, "", header);

        Assert.Equal(TimeSpan.Zero, fault.RetryAfter);
        Assert.Equal([TimeSpan.Zero], told);
    }

    [Theory]
    [InlineData(403, "Rate limit exceeded", true)]
    [InlineData(403, "API rate-limit reached", true)]
    [InlineData(403, "RateLimitExceeded", true)]
    [InlineData(403, "Too Many Requests", true)]
    [InlineData(503, "too many requests", true)]
    [InlineData(503, "rate limit", true)]
    [InlineData(403, "This feature is limited", false)]
    [InlineData(403, "The corporate limit of your plan", false)]
    [InlineData(503, "Maintenance", false)]
    [InlineData(500, "rate limit", false)]
    public async Task Refusal_counts_as_a_rate_limit_by_its_words(int status, string body, bool overRate)
    {
        var (fault, told) = await RefuseAsync(status, body, retryAfter: null);

        Assert.Equal(overRate, fault.OverServerRate);
        Assert.Equal(overRate ? 1 : 0, told.Count);
    }

    private static async Task<(SpringestException Fault, List<TimeSpan?> Told)> RefuseAsync(int status, string body, string? retryAfter)
    {
        await using var api = await Api.StartAsync(configure: site => site.Retries = 0);
        var headers = retryAfter is null
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { ["Retry-After"] = retryAfter };
        api.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Status = status,
                Body = body,
                Headers = headers,
            });
        var told = new List<TimeSpan?>();
        var client = api.Client.WithRateLimiter(_ => null, (_, pause, _) =>
        {
            told.Add(pause);
            return ValueTask.CompletedTask;
        });

        return (await Assert.ThrowsAsync<SpringestException>(() => client.ListSubjects().FirstAsync(Cancellation).AsTask()), told);
    }

    // Gives permits that may be used for so long.
    private sealed class AgingLimiter(Func<TimeSpan> timeLeft) : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => new Lease(timeLeft());

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
            => new(new Lease(timeLeft()));

        private sealed class Lease(TimeSpan timeLeft) : RateLimitLease
        {
            public override bool IsAcquired => true;

            public override IEnumerable<string> MetadataNames => [PermitMetadata.TimeLeft.Name];

            public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
            {
                metadata = metadataName == PermitMetadata.TimeLeft.Name ? timeLeft : null;
                return metadata is not null;
            }
        }
    }
}
