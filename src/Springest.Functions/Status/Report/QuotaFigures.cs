namespace Springest.Functions.Status.Report;

/// <summary>What one key has used of its quota.</summary>
/// <param name="Key">Which of the site's keys.</param>
/// <param name="Limit">Requests allowed in the window.</param>
/// <param name="Used">Requests that count now.</param>
/// <param name="Left">What each class of requests has left, the most important first.</param>
/// <param name="BlockedUntil">Until when Springest asked to wait, or null.</param>
/// <param name="CurveFrom">Where the curve begins.</param>
/// <param name="Curve">Requests since then, in stretches of equal length.</param>
public sealed record QuotaFigures(
    string Key,
    int Limit,
    int Used,
    IReadOnlyDictionary<string, int> Left,
    DateTimeOffset? BlockedUntil,
    DateTimeOffset CurveFrom,
    IReadOnlyList<int> Curve);
