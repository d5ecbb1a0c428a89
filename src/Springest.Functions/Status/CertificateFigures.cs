namespace Springest.Functions.Status;

/// <summary>How many certificates are in one state.</summary>
public sealed record CertificateFigures(string State, int Count);
