namespace Springest.Simulator.Behaviours;

/// <summary>The limit of requests per key (docs/springest-api.md, section 5). Requests that are refused do not count.</summary>
public sealed record RateLimit
{
    /// <summary>Requests per key within <see cref="Window"/>.</summary>
    public int Limit { get; init; } = 4000;

    /// <summary>Length of the window.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How requests are counted.</summary>
    public RateLimitKind Kind { get; init; } = RateLimitKind.Fixed;

    /// <summary>Status of a refusal: 429, 403 or 503.</summary>
    public int Status { get; init; } = 429;

    /// <summary>Whether a refusal says how many seconds to wait (rounded up).</summary>
    public bool RetryAfter { get; init; } = true;
}
