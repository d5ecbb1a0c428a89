using System.Buffers;
using System.Runtime.InteropServices;

namespace Springest.Client.Json;

/// <summary>Mends what real answers get wrong about <c>&amp;</c>.</summary>
internal static class LenientXml
{
    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>
    /// Writes <c>&amp;amp;</c> for each <c>&amp;</c> that begins neither a numeric nor one of XML's five entities, outside of CDATA:
    /// without a DTD there are no others. Gives the same memory where there is none.
    /// </summary>
    public static ArraySegment<byte> EscapeBareAmpersands(ReadOnlyMemory<byte> xml)
    {
        var source = xml.Span;
        MemoryStream? mended = null;
        var (copied, at) = (0, 0);
        while (NextAmpersand(source, ref at))
        {
            if (IsEntity(source[at..]))
            {
                at++;
                continue;
            }
            mended ??= new MemoryStream(xml.Length + 64);
            mended.Write(source[copied..at]);
            mended.Write("&amp;"u8);
            copied = ++at;
        }
        if (mended is null)
            return MemoryMarshal.TryGetArray(xml, out var same) ? same : xml.ToArray();
        mended.Write(source[copied..]);
        return new(mended.GetBuffer(), 0, (int)mended.Length);
    }

    /// <summary>Moves to the next <c>&amp;</c> that is not inside of CDATA.</summary>
    private static bool NextAmpersand(ReadOnlySpan<byte> xml, ref int at)
    {
        while (true)
        {
            var next = xml[at..].IndexOfAny((byte)'&', (byte)'<');
            if (next < 0)
                return false;
            at += next;
            if (xml[at] == '&')
                return true;
            var end = xml[at..].StartsWith("<![CDATA["u8) ? xml[at..].IndexOf("]]>"u8) : 1;
            if (end < 0)
                return false;
            at += end;
        }
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
