using System.Threading.RateLimiting;

namespace Springest.Client.Tests;

/// <summary>Gives every permit at once, or as many as another limiter has, and tells.</summary>
internal sealed class CountingLimiter(Action taken, RateLimiter? limit = null) : RateLimiter
{
    private static readonly RateLimiter s_unlimited = new ConcurrencyLimiter(new() { PermitLimit = int.MaxValue });

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        taken();
        return (limit ?? s_unlimited).AttemptAcquire(permitCount);
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        => ValueTask.FromResult(AttemptAcquireCore(permitCount));
}
