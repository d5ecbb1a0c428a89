using System.Text.RegularExpressions;
using Springest.Functions.Text;

namespace Springest.Functions.Privacy;

/// <summary>
/// Tells whether a text names somebody, by address or by name, however it is written there: in capitals, percent-encoded or escaped as in
/// JSON. The address of another person that merely ends or begins alike is none.
/// </summary>
public sealed partial class PersonText
{
    // What an address may hold beside letters and digits.
    private const string InAddress = ".!#$%&'*+/=?^`{|}~_-";

    private readonly string _wanted;

    private PersonText(string wanted, bool isEmail) => (_wanted, Email) = (Normalize(wanted), isEmail ? Normalize(wanted) : null);

    /// <summary>The address, trimmed, in small letters, composed; null if it is a name.</summary>
    public string? Email { get; }

    public static PersonText OfEmail(string email) => new(email, isEmail: true);

    public static PersonText OfName(string name) => new(name, isEmail: false);

    /// <summary>Whether an address is the person's.</summary>
    public bool IsEmail(string? address) => address is not null && Email is not null && Normalize(address) == Email;

    /// <summary>Whether a text names the person.</summary>
    public bool IsIn(string? text) => Writings(text).Any(each => Contains(each, Email is not null));

    /// <summary>
    /// Whether it may: in names of files, letters around an address such as <c>_</c> may be part of it or separate it.
    /// </summary>
    public bool MayBeIn(string? text) => Writings(text).Any(each => Contains(each, isStrict: false));

    private static string Normalize(string text) => NormalizedText.Of(NormalizedText.Trim(text)).ToLowerInvariant();

    private bool Contains(string text, bool isStrict)
    {
        // Of characters that nobody sees nothing is left; that is nobody's name.
        if (_wanted.Length == 0)
            return false;
        for (var at = 0; (at = text.IndexOf(_wanted, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + _wanted.Length;
            var goesBack = at > 0 && (IsWord(text[at - 1]) || (isStrict && InAddress.Contains(text[at - 1], StringComparison.Ordinal)));
            var goesOn = end < text.Length
                && (IsWord(text[end])
                    || (isStrict && (text[end] == '-' || (text[end] == '.' && end + 1 < text.Length && IsWord(text[end + 1])))));
            if (!goesBack && !goesOn)
                return true;
        }

        return false;
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || char.IsSurrogate(letter);

    private static IEnumerable<string> Writings(string? text)
    {
        if (string.IsNullOrEmpty(text))
            yield break;
        var plain = NormalizedText.Of(text).ToLowerInvariant();
        yield return plain;
        if (plain.Contains('%', StringComparison.Ordinal))
            yield return NormalizedText.Of(Uri.UnescapeDataString(plain)).ToLowerInvariant();
        if (plain.Contains('\\', StringComparison.Ordinal))
            yield return NormalizedText.Of(Escapes().Replace(plain, Unescape)).ToLowerInvariant();
    }

    // A line break, a quotation mark and their like separate.
    private static string Unescape(Match escape)
        => escape.Groups[1] is { Success: true, Value: var code } ? ((char)Convert.ToUInt16(code, 16)).ToString() : " ";

    [GeneratedRegex(@"\\(?:u([0-9a-f]{4})|[nrtbf""/\\])")]
    private static partial Regex Escapes();
}
