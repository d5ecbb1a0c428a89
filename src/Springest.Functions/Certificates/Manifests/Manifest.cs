using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>One version of a <c>manifest.csv</c>: a list of files in its folder and what each is for.</summary>
/// <param name="Id">Which version it is (<see cref="DroppedFile.Id"/>).</param>
/// <param name="Lines">Its lines, in order.</param>
/// <param name="Problems">Why it cannot be read; it has no lines then.</param>
public sealed record Manifest(string Id, IReadOnlyList<ManifestLine> Lines, IReadOnlyList<Problem> Problems)
{
    public const string FileName = "manifest.csv";

    // What spreadsheets save a list as that is not told otherwise.
    private static readonly string[] s_otherLists = [".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".txt", ".tsv"];

    private readonly Dictionary<string, ManifestLine> _byFile = ByFile(Lines);

    /// <summary>The line about a file, or null.</summary>
    public ManifestLine? Find(string file) => _byFile.GetValueOrDefault(NormalizedText.Of(file));

    /// <summary>Whether a name is a manifest's, or was meant to be.</summary>
    public static bool IsOne(string name)
        => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            || (Path.GetFileNameWithoutExtension(name).Equals("manifest", StringComparison.OrdinalIgnoreCase)
                && s_otherLists.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase));

    /// <summary>Name of the manifest of a file's folder.</summary>
    public static string NameFor(string file) => file[..(file.LastIndexOf('/') + 1)] + FileName;

    // Of lines about the same file the first counts; each says that there are others.
    private static Dictionary<string, ManifestLine> ByFile(IReadOnlyList<ManifestLine> lines)
    {
        var byFile = new Dictionary<string, ManifestLine>(lines.Count, StringComparer.Ordinal);
        foreach (var line in lines)
            byFile.TryAdd(line.File, line);
        return byFile;
    }
}
