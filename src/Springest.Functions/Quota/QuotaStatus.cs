using Springest.Client;

namespace Springest.Functions.Quota;

/// <summary>The quota of one key of a site, as storage has it.</summary>
/// <param name="Key">Which of the site's keys it is for; the general one where they are the same.</param>
/// <param name="Limit">Requests allowed in the window.</param>
/// <param name="Used">Permits that count against the limit now.</param>
/// <param name="Left">Permits that each class could have now, in order of precedence.</param>
/// <param name="BlockedUntil">Until when the server wants no requests, if it said so.</param>
/// <param name="CurveFrom">Where the curve begins, by the store's time.</param>
/// <param name="Curve">Permits granted since then, in equal spans, oldest first; the last span ends about now.</param>
public sealed record QuotaStatus(
    SpringestKey Key, int Limit, int Used, IReadOnlyDictionary<QuotaClass, int> Left, DateTimeOffset? BlockedUntil,
    DateTimeOffset CurveFrom, IReadOnlyList<int> Curve);
