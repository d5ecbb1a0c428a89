using System.Buffers;
using System.IO.Compression;
using System.Text;
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
            await using var sheets = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var part in sheets.Entries.Where(entry => entry.Name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)))
            {
                await using var text = await part.OpenAsync(cancellationToken);
                if (await IsInTextAsync(text, person, cancellationToken))
                    return true;
            }
        }
        catch (InvalidDataException)
        {
            // Not a workbook after all: nobody can read anything in it.
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
