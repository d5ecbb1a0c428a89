namespace Springest.Functions.Status.Report;

/// <summary>Something that does not go on without a person.</summary>
/// <param name="Site">The site.</param>
/// <param name="Subject">What it is about, such as a file or an object.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Since">Since when, if that is known.</param>
public sealed record AttentionItem(string Site, string Subject, string Reason, DateTimeOffset? Since);
