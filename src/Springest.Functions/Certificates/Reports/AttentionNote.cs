namespace Springest.Functions.Certificates.Reports;

/// <summary>Something about certificates that a person should know.</summary>
/// <param name="Site">The site.</param>
/// <param name="Subject">What it is about: a file, or sending as such.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Since">Since when.</param>
public sealed record AttentionNote(string Site, string Subject, string Reason, DateTimeOffset? Since);
