using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Xml;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Manifests.Workbooks;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>Searches texts and workbooks for a person, a piece at a time.</summary>
internal static class PersonSearch
{
    private const int PieceLength = 256 * 1024;

    private static readonly SearchValues<char> s_separators = SearchValues.Create(" \t\r\n,;<>\"");

    // Longer than any address or name, however it is written.
    private const int Overlap = 4096;

    // Of one text: a list has at most 5 MB, and its parts 50.
    private const long MostLength = 256L * 1024 * 1024;

    /// <param name="content">The file; it can be read at any place.</param>
    public static async Task<bool> IsInAsync(Stream content, PersonText person, CancellationToken cancellationToken)
    {
        var start = new byte[2];
        var isArchive = await content.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, cancellationToken) == 2
            && start.AsSpan().SequenceEqual("PK"u8);
        content.Position = 0;
        if (!isArchive)
            return await IsInTextAsync(content, person, cancellationToken);
        try
        {
            var inflated = 0L;
            await using var sheets = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var part in sheets.Entries.Where(entry => entry.Name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)))
            {
                await using (var text = await part.OpenAsync(cancellationToken))
                {
                    if (await IsInTextAsync(text, person, cancellationToken))
                        return true;
                }

                var packed = Math.Min(part.CompressedLength, content.Length);
                await using var cells = new PartStream(
                    await part.OpenAsync(cancellationToken), packed, length => (inflated += length) > WorkbookPackage.MaxInflated);
                if (IsInCells(cells, person))
                    return true;
            }
        }
        catch (InvalidDataException)
        {
            // Not a workbook after all: nobody can read anything in it.
        }

        return false;
    }

    // As a person sees them: letters may be escaped, and a text of which a part is bold consists of several.
    private static bool IsInCells(Stream content, PersonText person)
    {
        var (text, isText, isRun) = (new StringBuilder(), false, false);
        try
        {
            using var xml = new WorkbookXml(content);
            while (xml.Read())
            {
                var isBegin = xml is { Kind: XmlNodeType.Element, IsEmpty: false };
                if (xml.Name == "t")
                {
                    isText = isBegin;
                }
                else if (xml.Name == "r")
                {
                    isRun = isBegin;
                }
                else if (xml.Name.Length > 0 && !isRun)
                {
                    if (person.IsIn(WorkbookReader.Decode(text.ToString())))
                        return true;
                    text.Clear();
                }
                // Between elements it is only how the part is laid out.
                else if (isText || xml.Kind != XmlNodeType.Whitespace)
                {
                    xml.AppendTo(text);
                }
            }
        }
        catch (Exception e) when (e is XmlException or ManifestException or InvalidDataException)
        {
            // No list can be read from it either.
        }

        return false;
    }

    // As its mark says, or in UTF-8: an address has the same letters in all other code pages.
    private static async Task<bool> IsInTextAsync(Stream content, PersonText person, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var buffer = new char[PieceLength + Overlap];
        var (kept, length) = (0, 0L);
        while (length < MostLength && await reader.ReadBlockAsync(buffer.AsMemory(kept), cancellationToken) is > 0 and var read)
        {
            length += read;
            var text = buffer.AsMemory(0, kept + read);
            // Between words, so that no half of an address is taken for one.
            var end = text.Length < buffer.Length ? text.Length : text.Span.LastIndexOfAny(s_separators) + 1;
            if (end <= Overlap)
                end = text.Length;
            if (person.IsIn(text[..end].ToString()))
                return true;
            var start = Math.Max(0, end - Overlap);
            start += text.Span[start..end].IndexOfAny(s_separators) + 1;
            kept = text.Length - start;
            text[start..].CopyTo(buffer);
            if (kept == buffer.Length)
                kept = 0;
        }

        return false;
    }
}
