using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>A list cannot be understood as a whole.</summary>
internal sealed class ManifestException(string code, int? line, params object?[] values) : Exception(code)
{
    public Problem Problem { get; } = Problem.About(null, code, values) with { Line = line };

    public static ManifestException TooLarge(int? line)
        => new(
            Reason.ManifestTooLarge, line, ManifestParser.MaxSize / (1024 * 1024), ManifestParser.MaxLines, ManifestParser.MaxColumns);
}
