using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Manifests.Workbooks;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>
/// Reads manifests as spreadsheets save them. What cannot be understood as a whole is refused as a whole; a line that is wrong costs its
/// own file only.
/// </summary>
public sealed class ManifestParser(IOptions<CertificatesOptions> options)
{
    internal const int MaxSize = 5 * 1024 * 1024;
    internal const int MaxLines = 20_000;
    internal const int MaxColumns = 50;

    private const string FileColumn = "file";
    private static readonly string[] s_fileColumns = [FileColumn, "bestand", "bestandsnaam", "datei", "dateiname"];

    /// <param name="id">Which version of which manifest it is.</param>
    /// <param name="fileName">Its name.</param>
    /// <param name="bytes">Its content.</param>
    public Manifest Parse(string id, string fileName, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (bytes.Length > MaxSize)
                throw ManifestException.TooLarge(1);
            var manifest = new Manifest(id, fileName, [], []);
            return fileName == Manifest.Workbook ? ParseWorkbook(manifest, new WorkbookReader(bytes)) : ParseText(manifest, bytes.Span);
        }
        catch (ManifestException e)
        {
            return new Manifest(id, fileName, [], [e.Problem with { List = fileName }]);
        }
    }

    private Manifest ParseText(Manifest manifest, ReadOnlySpan<byte> bytes)
    {
        var (rows, isWindows) = ManifestText.Read(bytes);
        return Complete(manifest, rows, Epoch.Of1900) with { Note = isWindows ? Problem.About(null, Reason.ManifestWindows1252) : null };
    }

    private Manifest ParseWorkbook(Manifest manifest, WorkbookReader workbook)
    {
        using (workbook)
        {
            manifest = Complete(manifest, workbook.ReadRows(), workbook.Epoch);
            var rows = manifest.Lines.Select(line => line.Number).Order().ToArray();
            return workbook.FindMerged(rows, manifest.Columns!.Count) is { } cells
                ? throw new ManifestException(Reason.ManifestMerged, null, StoredText.Shorten(cells, 100))
                : manifest;
        }
    }

    private Manifest Complete(Manifest manifest, IEnumerable<ManifestRow> rows, Epoch epoch)
    {
        using var all = rows.Where(row => !row.IsBlank).GetEnumerator();
        var header = ReadHeader(all);
        manifest = manifest with { Columns = manifest.FileName == Manifest.Workbook ? ColumnsOf(header) : null };
        var lines = new List<ManifestLine>();
        while (all.MoveNext())
        {
            if (lines.Count == MaxLines)
                throw ManifestException.TooLarge(all.Current.Number);
            lines.Add(ReadLine(manifest, all.Current, header, epoch));
        }

        return lines.Count > 0
            ? new Manifest(manifest.Id, manifest.FileName, MarkRepeats(manifest, lines), []) { Columns = manifest.Columns }
            : throw new ManifestException(Reason.ManifestNamesNoFile, 1);
    }

    /// <summary>The columns in their order. One that is not known may be a slip of the pen, and is refused rather than left out.</summary>
    private static List<string> ReadHeader(IEnumerator<ManifestRow> rows)
    {
        if (!rows.MoveNext())
            throw new ManifestException(Reason.ManifestColumnMissing, 1);
        var header = rows.Current.Cells.Select(cell => NameOf(cell.Text)).ToList();
        // Spreadsheets leave empty columns behind.
        while (header is [.., ""])
            header.RemoveAt(header.Count - 1);
        foreach (var (index, name) in header.Index())
        {
            if (name.Length == 0)
                throw Wrong(Reason.ManifestColumnUnnamed, $"{index + 1}");
            if (name != FileColumn && !RawFields.Names.Contains(name))
                throw Wrong(Reason.ManifestHeaderInvalid, Written(index));
            if (header.IndexOf(name) is var first && first < index)
                throw Wrong(Reason.ManifestColumnTwice, Written(first), Written(index));
        }

        return header.Contains(FileColumn) ? header : throw Wrong(Reason.ManifestColumnMissing);

        string Written(int index) => NormalizedText.Show(NormalizedText.Trim(rows.Current.Cells[index].Text));

        ManifestException Wrong(string code, params string[] values)
            => new(code, rows.Current.Number, [.. values.Select(value => StoredText.Shorten(value, 100))]);
    }

    private static string NameOf(string cell)
        => RawFields.NameOf(cell)
            ?? (RawFields.Plain(cell) is var name && s_fileColumns.Contains(name) ? FileColumn : NormalizedText.Show(name));

    private static Dictionary<string, string> ColumnsOf(List<string> header)
        => header.Index().ToDictionary(column => column.Item, column => CellReference.ColumnName(column.Index));

    private ManifestLine ReadLine(Manifest manifest, ManifestRow row, List<string> header, Epoch epoch)
    {
        var problems = new List<Problem>();
        var fields = RawFields.From(Text);
        fields = fields with
        {
            ValidFrom = ReadDate(fields.ValidFrom, "valid_from", epoch, problems),
            ValidUntil = ReadDate(fields.ValidUntil, "valid_until", epoch, problems),
        };
        var file = NormalizedText.Of(NormalizedText.Trim(Text(FileColumn) ?? ""));
        if (!ManifestLine.CanName(file) && !problems.Exists(problem => problem.Field == FileColumn))
            problems.Add(Problem.About(FileColumn, Reason.ManifestFileInvalid, NormalizedText.Show(file)));
        if (row.Cells.Skip(header.Count).Any(cell => !string.IsNullOrWhiteSpace(cell.Text)))
            problems.Add(Problem.About(null, Reason.ManifestLineTooLong, row.Cells.Count, header.Count));
        return new ManifestLine(row.Number, file, fields, [.. problems.Select(problem => manifest.Locate(problem, row.Number))]);

        string? Text(string name)
        {
            if (header.IndexOf(name) is not (var place and >= 0) || place >= row.Cells.Count)
                return null;
            var cell = row.Cells[place];
            if (cell.Fault is not null)
                problems.Add(Problem.About(name, cell.Fault, cell.Text));
            return cell.Fault is null ? cell.Text : null;
        }
    }

    private string? ReadDate(string? text, string field, Epoch epoch, List<Problem> problems)
    {
        if (text is null)
            return null;
        if (SpreadsheetDate.Read(text, options.Value.SlashDates, epoch) is { } date)
            return date;
        problems.Add(Problem.About(field, Reason.DateAmbiguous, text));
        return text;
    }

    /// <summary>Two lines about one file contradict each other, or say the same to no purpose: nobody can tell which is meant.</summary>
    private static List<ManifestLine> MarkRepeats(Manifest manifest, List<ManifestLine> lines)
    {
        var places = lines
            .Index()
            .Where(line => line.Item.File.Length > 0)
            .ToLookup(line => line.Item.File, line => line.Index, StringComparer.Ordinal);
        foreach (var repeat in places.Where(repeat => repeat.Skip(1).Any()))
        {
            var numbers = string.Join(", ", repeat.Take(10).Select(index => lines[index].Number));
            foreach (var index in repeat)
            {
                var line = lines[index];
                var problem = Problem.About(FileColumn, Reason.ManifestFileTwice, line.File, numbers);
                lines[index] = line with { Problems = [.. line.Problems, manifest.Locate(problem, line.Number)] };
            }
        }

        return lines;
    }
}
