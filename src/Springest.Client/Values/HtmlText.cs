using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Springest.Client;

/// <summary>
/// Reads the HTML and the entities that the data holds (docs/springest-api.md, section 3.2). Nothing here throws, whatever it is given.
/// </summary>
public static partial class HtmlText
{
    /// <summary>Text whose entities are decoded once, without blanks around it: <c>Werk &amp;amp; tijd </c> gives <c>Werk &amp;
    /// tijd</c>.</summary>
    public static string Decode(string? text) => WebUtility.HtmlDecode(text)?.Trim() ?? "";

    /// <summary>ISO 4217 code of a currency sign, entity or code; null if not recognised.</summary>
    public static string? CurrencyCode(string? currency) => Decode(currency).ToUpperInvariant() switch
    {
        "€" or "EUR" => "EUR",
        "£" or "GBP" => "GBP",
        "$" or "USD" => "USD",
        _ => null,
    };

    /// <summary>
    /// True if a description looks like those that lists shorten: cut at about 700 characters, with three dots behind
    /// (docs/springest-api.md, section 8.1).
    /// </summary>
    public static bool IsShortened(string? description)
        => description is { Length: >= 600 and <= 800 } && description.EndsWith("...", StringComparison.Ordinal);

    /// <summary>
    /// HTML as text for reading: one line per paragraph or item, items with a hyphen, entities decoded once, no scripts and
    /// comments. HTML that breaks off inside of a tag or an entity, as shortened descriptions do, loses that.
    /// </summary>
    public static string ToPlainText(string? html)
    {
        if (string.IsNullOrEmpty(html))
            return "";
        html = CutEntity().Replace(html, "...");
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            if (html[at] == '<' && at + 1 < html.Length && (char.IsAsciiLetter(html[at + 1]) || html[at + 1] is '/' or '!' or '?'))
                at = SkipTag(html, at, text);
            else
                text.Append(html[at++] is var c && char.IsWhiteSpace(c) ? ' ' : c);
        }
        return Tidy(WebUtility.HtmlDecode(text.ToString()));
    }

    [GeneratedRegex(@"&#?\w{0,12}\.\.\.\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex CutEntity();

    private static int SkipTag(string html, int at, StringBuilder text)
    {
        var rest = html.AsSpan(at);
        if (rest.StartsWith("<!--"))
            return After(html, at, "-->");
        foreach (var hidden in new[] { "script", "style" })
        {
            if (IsTag(rest[1..], hidden))
                return After(html, After(html, at, $"</{hidden}"), ">");
        }

        var name = rest[1..].TrimStart('/');
        if (IsTag(name, "li") && rest[1] != '/')
            text.Append("\n- ");
        else if (IsTag(name, "p") || IsTag(name, "br") || IsTag(name, "div") || IsTag(name, "ul") || IsTag(name, "ol") || IsTag(name, "li")
            || IsTag(name, "tr") || IsTag(name, "table") || IsHeading(name))
            text.Append('\n');
        return After(html, at, ">");
    }

    private static bool IsTag(ReadOnlySpan<char> text, string name)
        => text.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && (text.Length == name.Length || !char.IsAsciiLetterOrDigit(text[name.Length]));

    private static bool IsHeading(ReadOnlySpan<char> text) => text.Length > 1 && text[0] is 'h' or 'H' && char.IsAsciiDigit(text[1]);

    private static int After(string html, int at, string end)
        => html.IndexOf(end, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found ? found + end.Length : html.Length;

    /// <summary>One blank between words, no blank lines.</summary>
    private static string Tidy(string text) => string.Join('\n', text.Split('\n')
        .Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        .Where(line => line.Length > 0 && line != "-"));
}
