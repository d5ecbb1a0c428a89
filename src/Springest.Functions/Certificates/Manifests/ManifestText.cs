using System.Text;
using CsvHelper;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>
/// The rows of a <c>manifest.csv</c> as spreadsheets save it: commas, semicolons or tabs, quotes around what needs them, UTF-8 with or
/// without a mark.
/// </summary>
internal static class ManifestText
{
    private const int MostDelimiters = 20 * ManifestParser.MaxColumns;

    // What Excel may begin with, followed by the delimiter.
    private const string Separator = "sep=";

    private static readonly char[] s_delimiters = [',', ';', '\t'];

    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>Its rows, and whether they are in another encoding, which nothing but they themselves tell.</returns>
    /// <exception cref="ManifestException">It is no such text.</exception>
    public static (IEnumerable<ManifestRow> Rows, bool IsWindows) Read(ReadOnlySpan<byte> bytes)
    {
        var (text, isWindows) = Decode(bytes);
        var delimiter = DelimiterOf(text);
        return OpenQuote(text, delimiter) is { } open
            ? throw new ManifestException(Reason.ManifestQuoteOpen, 1 + Breaks(text.AsSpan(0, open)))
            : (RowsOf(RequireNarrow(text, delimiter), delimiter), isWindows);
    }

    private static (string Text, bool IsWindows) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        // DOS ends a text so.
        bytes = bytes.TrimEnd((byte)0x1A);
        try
        {
            // Excel's "Unicode text" is UTF-16, which has a zero in every other byte.
            return bytes.IndexOf((byte)0) is var zero and >= 0
                ? throw new ManifestException(Reason.ManifestNotUtf8, LineAt(bytes, zero))
                : (s_utf8.GetString(bytes), false);
        }
        catch (DecoderFallbackException e)
        {
            return WindowsText.Read(bytes) is { } text ? (text, true)
                : throw new ManifestException(Reason.ManifestNotUtf8, LineAt(bytes, e.Index));
        }
    }

    // Before each cell becomes an object. Many more than there may be columns, since cells may hold delimiters.
    private static string RequireNarrow(string text, char delimiter)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.Count(delimiter) > MostDelimiters)
                throw ManifestException.TooLarge(number);
        }

        return text;
    }

    private static IEnumerable<ManifestRow> RowsOf(string text, char delimiter)
    {
        using var reader = CsvReader.FromText(
            text, new CsvReaderOptions { Separator = delimiter, HasHeader = false, TrackLineNumbers = true });
        var isFirst = true;
        while (reader.Read())
        {
            var row = new ManifestRow((int)reader.LineNumber, [.. reader.Current.ToArray().Select(cell => new ManifestCell(cell))]);
            var isSeparator = isFirst && row.Cells.All(IsSeparator);
            isFirst &= isSeparator;
            if (!isSeparator)
                yield return row;
        }
    }

    private static bool IsSeparator(ManifestCell cell)
        => string.IsNullOrWhiteSpace(cell.Text) || cell.Text.Equals(Separator, StringComparison.OrdinalIgnoreCase);

    // What Excel's own line says, or whichever the first line that is not blank has more of.
    private static char DelimiterOf(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(Separator, StringComparison.OrdinalIgnoreCase) && line.Length > Separator.Length)
                return s_delimiters.Contains(line[Separator.Length]) ? line[Separator.Length] : ',';
            if (!line.Trim(" \t,;\"").IsEmpty)
                return MostIn(line);
        }

        return MostIn(text);

        static char MostIn(ReadOnlySpan<char> text)
        {
            var most = s_delimiters[0];
            foreach (var each in s_delimiters)
                most = text.Count(each) > text.Count(most) ? each : most;
            return most;
        }
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
}
