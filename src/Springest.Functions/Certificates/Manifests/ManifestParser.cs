using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Extensions.Options;

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
        try
        {
            // Excel's "Unicode text" is UTF-16, which has a zero in every other byte.
            return bytes.IndexOf((byte)0) is var zero and >= 0 ? throw Refusal(Reason.ManifestNotUtf8, LineAt(bytes, zero)) : _utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Refusal(Reason.ManifestNotUtf8, LineAt(bytes, e.Index));
        }
    }

    private List<ManifestLine> Read(string text)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = DelimiterOf(text), HasHeaderRecord = false, BadDataFound = null };
        using var parser = new CsvParser(new StringReader(text), configuration);
        if (!parser.Read())
            throw Refusal(Reason.ManifestHeaderInvalid, 1, "");
        var header = ReadHeader(parser);
        var lines = new List<ManifestLine>();
        while (parser.Read())
        {
            if (parser.RawRecord.AsSpan().Count('"') % 2 != 0)
                throw Refusal(Reason.ManifestQuoteOpen, parser.RawRow - Breaks(parser.RawRecord));
            var (number, cells) = (FirstLine(parser), parser.Record!);
            if (Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
                continue;
            if (lines.Count == MaxLines)
                throw Refusal(Reason.ManifestTooLarge, number, MaxSize / (1024 * 1024), MaxLines);
            lines.Add(ReadLine(number, header, cells));
        }

        return lines.Count > 0 ? lines : throw Refusal(Reason.ManifestNamesNoFile, 1);
    }

    /// <summary>The columns in their order. One that is not known may be a slip of the pen, and is refused rather than left out.</summary>
    private List<string> ReadHeader(CsvParser parser)
    {
        var header = parser.Record!.Select(cell => cell.Trim().ToLowerInvariant()).ToList();
        // Spreadsheets leave empty columns behind.
        while (header is [.., ""])
            header.RemoveAt(header.Count - 1);
        var wrong = header.Find(name => name != FileColumn && !RawFields.Names.Contains(name))
            ?? header.Find(name => header.Count(other => other == name) > 1)
            ?? (header.Contains(FileColumn) ? null : string.Join(' ', header));
        return wrong is null ? header : throw Refusal(Reason.ManifestHeaderInvalid, 1, wrong.Length > 100 ? wrong[..100] + "…" : wrong);
    }

    private ManifestLine ReadLine(int number, List<string> header, string[] cells)
    {
        var problems = new List<Problem>();
        var fields = RawFields.From(name => header.IndexOf(name) is var place and >= 0 && place < cells.Length ? cells[place] : null);
        fields = fields with
        {
            ValidFrom = ReadDate(fields.ValidFrom, "valid_from", problems),
            ValidUntil = ReadDate(fields.ValidUntil, "valid_until", problems),
        };
        var file = header.IndexOf(FileColumn) is var column && column < cells.Length ? cells[column].Trim() : "";
        if (file.Length == 0 || file.Contains('/', StringComparison.Ordinal))
            problems.Add(sentences.About(FileColumn, Reason.ManifestFileInvalid, file));
        if (cells.Skip(header.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)))
            problems.Add(sentences.About(null, Reason.ManifestLineTooLong, cells.Length, header.Count));
        return new ManifestLine(number, file, fields, [.. problems.Select(problem => sentences.InLine(number, problem))]);
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
        var places = lines.Index().Where(line => line.Item.File.Length > 0).ToLookup(line => line.Item.File, line => line.Index, StringComparer.Ordinal);
        foreach (var repeat in places.Where(repeat => repeat.Skip(1).Any()))
        {
            var numbers = string.Join(", ", repeat.Take(10).Select(index => lines[index].Number));
            foreach (var index in repeat)
            {
                var line = lines[index];
                var problem = sentences.InLine(line.Number, sentences.About(FileColumn, Reason.ManifestFileTwice, line.File, numbers));
                lines[index] = line with { Problems = [.. line.Problems, problem] };
            }
        }

        return lines;
    }

    // Whichever the header has more of.
    private static string DelimiterOf(string text)
    {
        var header = text.AsSpan(0, text.IndexOfAny(['\r', '\n']) is var end and >= 0 ? end : text.Length);
        return header.Count(';') > header.Count(',') ? ";" : ",";
    }

    // Counted by the parser is the last line of a record.
    private static int FirstLine(CsvParser parser) => parser.RawRow - Breaks(parser.RawRecord.AsSpan().TrimEnd("\r\n"));

    private static int LineAt(ReadOnlySpan<byte> bytes, int index) => 1 + bytes[..index].Count((byte)'\n');

    private static int Breaks(ReadOnlySpan<char> text)
    {
        var breaks = text.Count('\n');
        for (var i = 0; i < text.Length; i++)
            breaks += text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n') ? 1 : 0;
        return breaks;
    }

    private ManifestException Refusal(string code, int line, params ReadOnlySpan<object?> values) => new(sentences.InLine(line, sentences.About(null, code, values)));

    private sealed class ManifestException(Problem problem) : Exception(problem.Code)
    {
        public Problem Problem => problem;
    }
}
