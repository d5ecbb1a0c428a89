namespace Springest.Functions.Certificates.Reports;

/// <summary>Something about certificates that a person should know.</summary>
/// <param name="Site">The site.</param>
/// <param name="Subject">What it is about: a file, or sending as such.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Since">Since when.</param>
/// <param name="Code">The reason's code (<see cref="Reports.Reason"/>), for saying it in another language.</param>
/// <param name="Values">What the sentence speaks of.</param>
public sealed record AttentionNote(
    string Site, string Subject, string Reason, DateTimeOffset? Since, string? Code = null, IReadOnlyList<string>? Values = null);
