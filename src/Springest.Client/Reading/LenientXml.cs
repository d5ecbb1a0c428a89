using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Springest.Client.Reading;

/// <summary>Mends what real answers get wrong about <c>&amp;</c> and about HTML inside of texts.</summary>
internal static class LenientXml
{
    private const int LongestName = 10;

    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private static readonly SearchValues<byte> s_nameEnds = SearchValues.Create(" \t\r\n/>"u8);

    /// <summary>What descriptions are written in (docs/springest-api.md, section 12) and the API names no field by.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_html = new HashSet<string>(
        StringComparer.OrdinalIgnoreCase)
    {
        "a", "b", "blockquote", "br", "center", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "iframe", "img", "li",
        "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Outside of CDATA and comments, escapes each <c>&amp;</c> that begins neither a numeric nor one of XML's five entities (without a DTD
    /// there are no others), and each <c>&lt;</c> that begins an element of HTML or nothing. Gives the same memory where there is none.
    /// </summary>
    public static ArraySegment<byte> Mend(ReadOnlyMemory<byte> xml)
    {
        var source = xml.Span;
        MemoryStream? mended = null;
        var (copied, at) = (0, 0);
        while (source[at..].IndexOfAny((byte)'&', (byte)'<') is >= 0 and var next)
        {
            at += next;
            var rest = source[at..];
            var escape = rest[0] == '&' ? "&amp;"u8 : "&lt;"u8;
            if (rest[0] == '&' ? IsEntity(rest) : IsMarkup(rest))
            {
                at += LengthOf(rest);
                continue;
            }
            mended ??= new MemoryStream(xml.Length + 64);
            mended.Write(source[copied..at]);
            mended.Write(escape);
            copied = ++at;
        }
        if (mended is null)
            return MemoryMarshal.TryGetArray(xml, out var same) ? same : xml.ToArray();
        mended.Write(source[copied..]);
        return new(mended.GetBuffer(), 0, (int)mended.Length);
    }

    /// <summary>The part in which nothing needs to be mended: all of CDATA and comments, else the first character.</summary>
    private static int LengthOf(ReadOnlySpan<byte> text)
    {
        var end = text.StartsWith("<![CDATA["u8) ? text.IndexOf("]]>"u8) : text.StartsWith("<!--"u8) ? text.IndexOf("-->"u8) : 1;
        return end < 0 ? text.Length : end;
    }

    private static bool IsMarkup(ReadOnlySpan<byte> text)
    {
        var name = text[1..];
        if (name is [(byte)'!' or (byte)'?', ..])
            return true;
        name = name is [(byte)'/', ..] ? name[1..] : name;
        if (name.IsEmpty || !(char.IsAsciiLetter((char)name[0]) || name[0] is (byte)'_' or (byte)':' or >= 0x80))
            return false;
        Span<char> letters = stackalloc char[LongestName];
        var end = name[..Math.Min(name.Length, LongestName + 1)].IndexOfAny(s_nameEnds);
        return end < 0 || !s_html.Contains(letters[..Encoding.Latin1.GetChars(name[..end], letters)]);
    }

    private static bool IsEntity(ReadOnlySpan<byte> text)
    {
        // The longest that is worth a look is &#x10FFFF;
        var end = text[..Math.Min(text.Length, 12)].IndexOf((byte)';');
        if (end < 2)
            return false;
        var name = text[1..end];
        if (name.SequenceEqual("amp"u8) || name.SequenceEqual("lt"u8) || name.SequenceEqual("gt"u8) || name.SequenceEqual("quot"u8)
            || name.SequenceEqual("apos"u8))
            return true;
        if (name[0] != '#')
            return false;
        return name.Length > 2 && name[1] == 'x'
            ? name[2..].IndexOfAnyExcept(s_hexDigits) < 0
            : name.Length > 1 && name[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
