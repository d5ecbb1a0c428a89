namespace Springest.Functions.Status.Report;

/// <summary>Something that does not go on without a person.</summary>
/// <param name="Kind">Of which kind it is, such as <c>certificate-unknown</c>; docs/operate.md has them all.</param>
/// <param name="Site">The site; empty if it is about all.</param>
/// <param name="Subject">What it is about, such as a file or an object.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Since">Since when, if that is known.</param>
/// <param name="Key">By which key its address names it, if it has one.</param>
/// <param name="Count">How many it is about, if it is about several.</param>
/// <param name="Until">When it ends by itself, if it does.</param>
/// <param name="Code">The reason's code, for saying it in another language.</param>
/// <param name="Values">What the reason speaks of.</param>
public sealed record AttentionItem(
    string Kind, string Site, string Subject, string Reason, DateTimeOffset? Since, string? Key = null, int? Count = null,
    DateTimeOffset? Until = null, string? Code = null, IReadOnlyList<string>? Values = null)
{
    /// <summary>How bad it is, from 1, the worst, to 4.</summary>
    public int Severity => TodoKinds.SeverityOf(Kind);
}
