using System.Threading.RateLimiting;

namespace Springest.Client;

/// <summary>What a lease of a rate limiter may tell the client, besides the standard <see cref="MetadataName"/>s.</summary>
public static class PermitMetadata
{
    /// <summary>
    /// How long the permit may still be used, when it is asked; not positive if it is too old. A request is not sent with a permit that is
    /// too old; the client takes another one. A lease without it is good for ever.
    /// </summary>
    public static MetadataName<TimeSpan> TimeLeft { get; } = new("TIME_LEFT");
}
