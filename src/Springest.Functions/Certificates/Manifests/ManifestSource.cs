using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>Where it is said what a file is for.</summary>
/// <param name="List">The manifest, in one of its versions.</param>
/// <param name="Line">The line of it.</param>
public sealed record ManifestSource(Manifest List, ManifestLine Line)
{
    /// <summary>The problem with its place in the list.</summary>
    public Problem Locate(Problem problem) => List.Locate(problem, Line.Number);

    /// <summary>What the line says, as a keyed hash.</summary>
    internal string HashOf(LedgerKey key) => key.Content(Line.Text);
}
