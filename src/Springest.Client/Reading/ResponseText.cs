using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Springest.Client.Reading;

/// <summary>The text of an answer: UTF-8 whatever it came in, and JSON whatever it came as.</summary>
internal static partial class ResponseText
{
    /// <exception cref="UnreadableException">It is no JSON, no XML where that was asked for, or holds too many values.</exception>
    public static ReadOnlyMemory<byte> ToJson(Answer answer)
    {
        var text = ToUtf8(answer.Body, answer.Charset);
        if (text.IsEmpty)
            throw new UnreadableException("it is empty");
        if (IsMarkup(text.Span))
        {
            if (IsHtml(text.Span))
                throw new UnreadableException("it is HTML");
            text = answer.Extension == "xml" ? XmlToJson.Convert(text) : throw new UnreadableException("it is XML, not JSON");
        }
        else if (answer.Extension == "jsonp")
        {
            text = Jsonp.Unwrap(text);
        }
        return text.Span.Count((byte)',') > answer.MostValues ? throw new UnreadableException("it holds too many values") : text;
    }

    /// <summary>
    /// Without byte order mark and blanks before it. Bytes that are UTF-8 are taken for that, whatever they are declared as; only others
    /// are read as declared.
    /// </summary>
    /// <exception cref="UnreadableException">It is not UTF-8, and no other character set is declared or known.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> bytes, string? charset)
    {
        var (encoding, mark) = Detect(bytes.Span, charset);
        bytes = encoding is null ? bytes[mark..] : Encoding.Convert(encoding, Encoding.UTF8, bytes[mark..].ToArray());
        var start = bytes.Span.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? default : bytes[start..];
    }

    public static bool IsMarkup(ReadOnlySpan<byte> text) => text is [(byte)'<', ..];

    /// <summary>A page for people: a proxy's, a log-in page, an error.</summary>
    public static bool IsHtml(ReadOnlySpan<byte> text)
        => HtmlStart().IsMatch(Encoding.Latin1.GetString(text[..Math.Min(text.Length, 200)]));

    private static (Encoding? Encoding, int Mark) Detect(ReadOnlySpan<byte> bytes, string? charset) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, .. var rest] => Utf8.IsValid(rest) ? (null, 3) : throw new UnreadableException("it is not UTF-8"),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        // JSON and XML begin with an ASCII character, which tells the two without a mark.
        [not 0, 0, ..] => (Encoding.Unicode, 0),
        [0, not 0, ..] => (Encoding.BigEndianUnicode, 0),
        _ when Utf8.IsValid(bytes) => (null, 0),
        _ => (Declared(charset ?? XmlCharset(bytes)), 0),
    };

    private static Encoding Declared(string? charset)
    {
        if (charset is null || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new UnreadableException("it is not UTF-8");
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UnreadableException("its character set is not known");
        }
    }

    private static string? XmlCharset(ReadOnlySpan<byte> bytes)
        => XmlDeclaration().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)])) is { Success: true } match
            ? match.Groups["charset"].Value
            : null;

    [GeneratedRegex(@"\A\s*<\?xml[^>]*\sencoding\s*=\s*[""'](?<charset>[A-Za-z0-9._:-]+)[""']", RegexOptions.CultureInvariant)]
    private static partial Regex XmlDeclaration();

    [GeneratedRegex(@"\A<(?:!doctype\s+html|html)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HtmlStart();
}
