using System.Threading.RateLimiting;

namespace Springest.Functions.Quota;

/// <summary>The permits of one site and key for one class of requests. Limiters of the same key share their grants.</summary>
internal sealed class QuotaLimiter(QuotaPool pool, QuotaClass priority) : RateLimiter
{
    public override TimeSpan? IdleDuration => pool.IdleDuration(priority);

    public override RateLimiterStatistics GetStatistics() => pool.Statistics(priority);

    /// <summary>Takes permits that are in hand; it asks for none.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount) => pool.TryAcquire(priority, permitCount);

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
        => pool.AcquireAsync(priority, permitCount, cancellationToken);
}
