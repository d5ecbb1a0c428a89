using System.Threading.RateLimiting;

namespace Springest.Client.Http;

/// <summary>What <see cref="SpringestClient.WithRateLimiter"/> was given.</summary>
internal sealed record RateLimits(
    Func<SpringestKey, RateLimiter?> Limiter, Func<SpringestKey, TimeSpan?, CancellationToken, ValueTask>? ServerSaysWait)
{
    public static readonly RateLimits None = new(_ => null, null);
}
