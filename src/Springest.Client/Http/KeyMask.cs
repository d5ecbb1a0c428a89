using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Springest.Client.Http;

/// <summary>
/// Takes a site's keys out of what a server says: it may repeat the address that it was asked for, and with it the key. Found are each
/// key and its Base64, whose characters may be plain or escaped as in addresses, JSON, or XML and HTML, in any mixture.
/// </summary>
internal sealed class KeyMask
{
    private const int ExcerptBytes = 2048;

    // What a character takes at most where it is escaped in one of the usual ways.
    private const int LongestCharacter = 12;

    private readonly Regex? _keys;
    private readonly int _longest;

    public KeyMask(params IEnumerable<string?> keys)
    {
        var spellings = keys.Where(key => !string.IsNullOrEmpty(key)).SelectMany(key => Base64Of(key!).Prepend(key!)).Distinct()
            .OrderByDescending(text => text.Length).ToList();
        if (spellings.Count == 0)
            return;
        _keys = new Regex(string.Join('|', spellings.Select(Spelled)), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        _longest = spellings[0].Length * LongestCharacter;
    }

    public string Mask(string text) => _keys?.Replace(text, "***") ?? text;

    /// <summary>The first 2 KB of a text without keys, and without what may be the beginning of one where the text was cut.</summary>
    public string Excerpt(string text, bool wasCut)
    {
        // No more than can be shown: megabytes would take seconds.
        if (text.Length > ExcerptBytes + _longest)
            (text, wasCut) = (text[..(ExcerptBytes + _longest)], true);
        text = Mask(text);
        if (wasCut)
            text = text[..Math.Max(0, text.Length - _longest)];
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= ExcerptBytes ? text : Encoding.UTF8.GetString(bytes, 0, ExcerptBytes).TrimEnd('\uFFFD');
    }

    /// <summary>As it stands within the Base64 of a longer text, wherever it begins there, without what depends on that text.</summary>
    private static IEnumerable<string> Base64Of(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return from before in Enumerable.Range(0, 3)
               let text = Convert.ToBase64String([.. new byte[before], .. bytes])
               let start = (before * 8 + 5) / 6
               let end = (before + bytes.Length) * 8 / 6
               where end - start >= 8
               select text[start..end];
    }

    private static string Spelled(string text) => string.Concat(text.EnumerateRunes().Select(Spelled));

    private static string Spelled(Rune character)
    {
        var text = character.ToString();
        var percent = string.Concat(Encoding.UTF8.GetBytes(text).Select(value => $"%(?:25)*{value:X2}"));
        // JSON within JSON doubles the backslashes: 16 are five levels. Without a bound, a long row of them takes the square of its length.
        var json = string.Concat(text.Select(unit => string.Create(CultureInfo.InvariantCulture, $@"\\{{1,16}}u{(int)unit:X4}")));
        // In addresses Base64 has _ and - for / and +.
        var other = text switch
        {
            "&" => "|&amp;",
            "<" => "|&lt;",
            ">" => "|&gt;",
            "\"" => "|&quot;",
            "'" => "|&apos;",
            "/" => "|_|&sol;",
            "+" => "|-",
            " " => @"|\+",
            _ => "",
        };
        var escape = Rune.IsLetterOrDigit(character) ? "" : @"\\{0,4}";
        return $@"(?:{escape}{Regex.Escape(text)}|{percent}|{json}|&\#0*{character.Value};|&\#x0*{character.Value:X};{other})";
    }
}
