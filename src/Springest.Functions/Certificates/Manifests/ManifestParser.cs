using System.Text;
using CsvHelper;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>
/// Reads manifests as spreadsheets save them: commas or semicolons, quotes around what needs them, UTF-8 with or without a mark. What
/// cannot be understood as a whole is refused as a whole; a line that is wrong costs its own file only.
/// </summary>
public sealed class ManifestParser(Sentences sentences, IOptions<CertificatesOptions> options)
{
    internal const int MaxSize = 5 * 1024 * 1024;
    internal const int MaxLines = 20_000;

    private const string FileColumn = "file";
    private static readonly string[] s_fileColumns = [FileColumn, "bestand", "bestandsnaam", "datei", "dateiname"];

    // What Excel may begin with, followed by the delimiter.
    private const string Separator = "sep=";

    private static readonly Encoding _utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="id">Which version of which manifest it is.</param>
    /// <param name="bytes">Its content.</param>
    public Manifest Parse(string id, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (bytes.Length > MaxSize)
                throw Refusal(Reason.ManifestTooLarge, 1, MaxSize / (1024 * 1024), MaxLines);
            return new Manifest(id, MarkRepeats(Read(Decode(bytes.Span))), []);
        }
        catch (ManifestException e)
        {
            return new Manifest(id, [], [e.Problem]);
        }
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        // DOS ends a text so.
        bytes = bytes.TrimEnd((byte)0x1A);
        try
        {
            // Excel's "Unicode text" is UTF-16, which has a zero in every other byte.
            return bytes.IndexOf((byte)0) is var zero and >= 0
                ? throw Refusal(Reason.ManifestNotUtf8, LineAt(bytes, zero))
                : _utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Refusal(Reason.ManifestNotUtf8, LineAt(bytes, e.Index));
        }
    }

    private List<ManifestLine> Read(string text)
    {
        var delimiter = DelimiterOf(text);
        if (OpenQuote(text, delimiter) is { } open)
            throw Refusal(Reason.ManifestQuoteOpen, 1 + Breaks(text.AsSpan(0, open)));
        using var reader = CsvReader.FromText(
            text,
            new CsvReaderOptions
            {
                Separator = delimiter,
                HasHeader = false,
                TrackLineNumbers = true,
            });
        var header = ReadHeader(reader);
        var lines = new List<ManifestLine>();
        while (reader.Read())
        {
            var (number, cells) = ((int)reader.LineNumber, reader.Current.ToArray());
            if (Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
                continue;
            if (lines.Count == MaxLines)
                throw Refusal(Reason.ManifestTooLarge, number, MaxSize / (1024 * 1024), MaxLines);
            lines.Add(ReadLine(number, header, cells));
        }

        return lines.Count > 0 ? lines : throw Refusal(Reason.ManifestNamesNoFile, 1);
    }

    /// <summary>The columns in their order. One that is not known may be a slip of the pen, and is refused rather than left out.</summary>
    private List<string> ReadHeader(CsvReader reader)
    {
        string[] cells;
        do
        {
            if (!reader.Read())
                throw Refusal(Reason.ManifestHeaderInvalid, 1, "");
            cells = reader.Current.ToArray();
        } while (
            Array.TrueForAll(cells, cell => string.IsNullOrWhiteSpace(cell) || cell.Equals(Separator, StringComparison.OrdinalIgnoreCase)));
        var header = cells.Select(NameOf).ToList();
        // Spreadsheets leave empty columns behind.
        while (header is [.., ""])
            header.RemoveAt(header.Count - 1);
        var wrong = header.Find(name => name != FileColumn && !RawFields.Names.Contains(name))
            ?? header.Find(name => header.Count(other => other == name) > 1)
            ?? (header.Contains(FileColumn) ? null : string.Join(' ', header));
        return wrong is null ? header : throw Refusal(Reason.ManifestHeaderInvalid, (int)reader.LineNumber, StoredText.Shorten(wrong, 100));
    }

    private static string NameOf(string cell)
        => RawFields.NameOf(cell)
            ?? (RawFields.Plain(cell) is var name && s_fileColumns.Contains(name) ? FileColumn : NormalizedText.Show(name));

    private ManifestLine ReadLine(int number, List<string> header, string[] cells)
    {
        var problems = new List<Problem>();
        var fields = RawFields.From(name => header.IndexOf(name) is var place and >= 0 && place < cells.Length ? cells[place] : null);
        fields = fields with
        {
            ValidFrom = ReadDate(fields.ValidFrom, "valid_from", problems),
            ValidUntil = ReadDate(fields.ValidUntil, "valid_until", problems),
        };
        var file = header.IndexOf(FileColumn) is var column && column < cells.Length
            ? NormalizedText.Of(NormalizedText.Trim(cells[column])) : "";
        if (!ManifestLine.CanName(file))
            problems.Add(sentences.About(FileColumn, Reason.ManifestFileInvalid, NormalizedText.Show(file)));
        if (cells.Skip(header.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)))
            problems.Add(sentences.About(null, Reason.ManifestLineTooLong, cells.Length, header.Count));
        return new ManifestLine(
            number,
            file,
            fields,
            [.. problems.Select(problem => sentences.InLine(Manifest.FileName, number, problem))]);
    }

    private string? ReadDate(string? text, string field, List<Problem> problems)
    {
        if (text is null)
            return null;
        if (SpreadsheetDate.Read(text, options.Value.SlashDates) is { } date)
            return date;
        problems.Add(sentences.About(field, Reason.DateAmbiguous, text));
        return text;
    }

    /// <summary>Two lines about one file contradict each other, or say the same to no purpose: nobody can tell which is meant.</summary>
    private List<ManifestLine> MarkRepeats(List<ManifestLine> lines)
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
                var problem = sentences.InLine(
                    Manifest.FileName,
                    line.Number,
                    sentences.About(FileColumn, Reason.ManifestFileTwice, line.File, numbers));
                lines[index] = line with { Problems = [.. line.Problems, problem] };
            }
        }

        return lines;
    }

    // What Excel's own line says, or whichever the first line that is not blank has more of.
    private static char DelimiterOf(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(Separator, StringComparison.OrdinalIgnoreCase) && line.Length > Separator.Length)
                return line[Separator.Length] == ';' ? ';' : ',';
            if (!line.Trim(" \t,;\"").IsEmpty)
                return line.Count(';') > line.Count(',') ? ';' : ',';
        }

        return ',';
    }

    /// <summary>
    /// Where a cell begins with a quote that is never closed; null if none does. A quote elsewhere in a cell is part of its text.
    /// </summary>
    private static int? OpenQuote(string text, char delimiter)
    {
        var (open, first) = ((int?)null, true);
        for (var i = 0; i < text.Length; i++)
        {
            if (open is not null && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                i++;
            else if (open is not null)
                open = text[i] == '"' ? null : open;
            else if (first && text[i] == '"')
                (open, first) = (i, false);
            else
                first = text[i] == delimiter || text[i] is '\r' or '\n';
        }

        return open;
    }

    private static int LineAt(ReadOnlySpan<byte> bytes, int index) => 1 + bytes[..index].Count((byte)'\n');

    private static int Breaks(ReadOnlySpan<char> text)
    {
        var breaks = text.Count('\n');
        for (var i = 0; i < text.Length; i++)
            breaks += text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n') ? 1 : 0;
        return breaks;
    }

    private ManifestException Refusal(string code, int line, params ReadOnlySpan<object?> values)
        => new(sentences.InLine(Manifest.FileName, line, sentences.About(null, code, values)));

    private sealed class ManifestException(Problem problem) : Exception(problem.Code)
    {
        public Problem Problem => problem;
    }
}
