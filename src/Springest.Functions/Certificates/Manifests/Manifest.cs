using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>One version of a <c>manifest.csv</c> or <c>manifest.xlsx</c>: a list of files in its folder and what each is for.</summary>
/// <param name="Id">Which version it is (<see cref="DroppedFile.Id"/>).</param>
/// <param name="FileName">Its name.</param>
/// <param name="Lines">Its lines, in order.</param>
/// <param name="Problems">Why it cannot be read; it has no lines then.</param>
public sealed record Manifest(string Id, string FileName, IReadOnlyList<ManifestLine> Lines, IReadOnlyList<Problem> Problems)
{
    public const string Csv = "manifest.csv";
    public const string Workbook = "manifest.xlsx";

    // What spreadsheets save a list as that is not told otherwise. No certificate is of these types.
    private static readonly string[] s_types = [".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"];

    private readonly Dictionary<string, ManifestLine> _byFile = ByFile(Lines);

    /// <summary>What is to be said of it although it can be read.</summary>
    internal Problem? Note { get; init; }

    /// <summary>The columns of a sheet by field, as the sheet names them; null for a text.</summary>
    internal IReadOnlyDictionary<string, string>? Columns { get; init; }

    /// <summary>The line about a file, or null.</summary>
    public ManifestLine? Find(string file) => _byFile.GetValueOrDefault(NormalizedText.Of(file));

    /// <summary>The problem with its place in the list: the line, or the row and the column of its field.</summary>
    public Problem Locate(Problem problem, int number)
        => problem with { List = FileName, Line = number, Column = problem.Field is { } field ? ColumnOf(field) : null };

    /// <summary>Whether a name is a manifest's, or was meant to be.</summary>
    public static bool IsOne(string name)
        => s_types.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            || Path.GetFileName(name).Equals("manifest.txt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a manifest is called so.</summary>
    public static bool IsNamed(string fileName) => fileName is Csv or Workbook;

    /// <summary>What the list of a file's folder is known by, whichever of the two names it has.</summary>
    public static string NameFor(string file) => BlobNames.FolderOf(file) + Csv;

    // A number may stand in the column of the name.
    private string? ColumnOf(string field)
        => Columns?.GetValueOrDefault(field) ?? (field == RawFields.Names[0] ? Columns?.GetValueOrDefault(RawFields.Names[1]) : null);

    // Of lines about the same file the first counts; each says that there are others.
    private static Dictionary<string, ManifestLine> ByFile(IReadOnlyList<ManifestLine> lines)
    {
        var byFile = new Dictionary<string, ManifestLine>(lines.Count, StringComparer.Ordinal);
        foreach (var line in lines)
            byFile.TryAdd(line.File, line);
        return byFile;
    }
}
