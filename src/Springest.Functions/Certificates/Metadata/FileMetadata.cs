using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Metadata;

/// <summary>What is said about a file.</summary>
/// <param name="Fields">The fields; null if nothing says anything that can be read.</param>
public sealed record FileMetadata(RawFields? Fields)
{
    public static readonly FileMetadata None = new((RawFields?)null);

    /// <summary>What is wrong with where it is said.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>The manifest that says it, if one does.</summary>
    public ManifestSource? Source { get; init; }

    /// <summary>The reason for a refusal, where nothing says anything.</summary>
    public Problem? Missing { get; init; }

    /// <summary>Whether it is certain that it will be known later.</summary>
    public bool IsToCome { get; init; }

    /// <summary>Whether nothing says anything.</summary>
    public bool IsMissing => Fields is null && Problems.Count == 0;
}
