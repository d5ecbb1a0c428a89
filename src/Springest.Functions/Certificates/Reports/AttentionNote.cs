namespace Springest.Functions.Certificates.Reports;

/// <summary>Something about certificates that a person has to look at.</summary>
/// <param name="Kind">Of which kind it is, such as <c>certificate-unknown</c>.</param>
/// <param name="Site">The site; empty for all.</param>
/// <param name="Subject">What it is about: a file, or sending as such.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Since">Since when.</param>
/// <param name="Key">The row's key in the ledger, if it is about one.</param>
/// <param name="Code">The reason's code (<see cref="Reports.Reason"/>), for saying it in another language.</param>
/// <param name="Values">What the sentence speaks of.</param>
public sealed record AttentionNote(
    string Kind, string Site, string Subject, string Reason, DateTimeOffset? Since, string? Key = null, string? Code = null,
    IReadOnlyList<string>? Values = null);
