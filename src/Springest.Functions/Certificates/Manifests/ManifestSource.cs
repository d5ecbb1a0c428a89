namespace Springest.Functions.Certificates.Manifests;

/// <summary>Where in which version of a manifest it says what a file is for.</summary>
public sealed record ManifestSource(string Manifest, ManifestLine Line);
