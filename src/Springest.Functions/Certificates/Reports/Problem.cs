namespace Springest.Functions.Certificates.Reports;

/// <summary>One thing that is wrong with a file: what, where, and what would be right.</summary>
/// <param name="Code">See <see cref="Reason"/>; for people's programs.</param>
/// <param name="Message">The same as a sentence, for people.</param>
/// <param name="Field">The field that it is about, if any.</param>
/// <param name="Line">The line of the manifest that it is about, if any.</param>
public sealed record Problem(string Code, string Message, string? Field = null, int? Line = null);
