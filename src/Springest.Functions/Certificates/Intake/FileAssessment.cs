using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Intake;

/// <summary>What the checks of a file found.</summary>
/// <param name="Said">What is said about it.</param>
public sealed record FileAssessment(FileMetadata Said)
{
    /// <summary>What it is to be submitted with; null if that is not known or wrong.</summary>
    public CertificateFields? Fields { get; init; }

    /// <summary>SHA-256 of the bytes, in hexadecimal; null if they were not read.</summary>
    public string? ContentHash { get; init; }

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What it has to wait for, if anything.</summary>
    public Problem? Wait { get; init; }

    /// <summary>One that nothing is to be said about but what is wrong.</summary>
    public static FileAssessment Wrong(params IReadOnlyList<Problem> problems) => new(FileMetadata.None) { Problems = problems };
}
