namespace Springest.Functions.Status.Report;

/// <summary>How many certificates are in one state.</summary>
/// <param name="State">The state.</param>
/// <param name="Count">How many.</param>
/// <param name="Unverified">How many of the accepted ones Springest has not verified yet, as far as is known.</param>
public sealed record CertificateFigures(string State, int Count, int? Unverified);
