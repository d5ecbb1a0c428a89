using Springest.Client;

namespace Springest.Functions.Quota;

/// <summary>The quota of one key of a site, as storage has it, and what this instance does with it.</summary>
public sealed record QuotaStatus
{
    public required string Site { get; init; }

    /// <summary>Which of the site's keys it is for; the general one where they are the same.</summary>
    public required SpringestKey Key { get; init; }

    /// <summary>The store's time of this status.</summary>
    public required DateTimeOffset At { get; init; }

    public required int Limit { get; init; }

    /// <summary>Permits that count against the limit now.</summary>
    public required int Used { get; init; }

    /// <summary>Until when the server wants no requests, if it said so.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>Permits granted lately, in equal spans, oldest first; the last span ends about now.</summary>
    public required IReadOnlyList<QuotaCurvePoint> Curve { get; init; }

    /// <summary>By class, in order of precedence.</summary>
    public required IReadOnlyList<QuotaClassStatus> Classes { get; init; }

    /// <summary>This instance since it started.</summary>
    public required QuotaActivity Instance { get; init; }
}
