using System.Text.RegularExpressions;
using Springest.Functions.Text;

namespace Springest.Functions.Privacy;

/// <summary>
/// Tells whether a text names somebody, by address or by name, however it is written there: in capitals, percent-encoded or escaped as in
/// JSON. The address of another person that merely ends or begins alike is none.
/// </summary>
public sealed partial class PersonText
{
    // What an address, or a longer word, could go on with.
    private const string WordLetters = @"[\p{L}\p{N}\p{M}]";
    private const string AddressLetters = @"[\p{L}\p{N}\p{M}.!#$%&'*+/=?^`{|}~_-]";

    private readonly Regex _strict;
    private readonly Regex _loose;

    private PersonText(string? email, string? name)
    {
        Email = email;
        var text = Regex.Escape(email ?? name!);
        _strict = email is null
            ? Build($"(?<!{WordLetters}){text}(?!{WordLetters})")
            : Build($"(?<!{AddressLetters}){text}(?!{WordLetters}|-|[.]{WordLetters})");
        _loose = email is null ? _strict : Build($"(?<!{WordLetters}){text}(?!{WordLetters})");
    }

    /// <summary>The address, trimmed, in small letters, composed; null if it is a name.</summary>
    public string? Email { get; }

    public static PersonText OfEmail(string email) => new(Normalize(email), null);

    public static PersonText OfName(string name) => new(null, Normalize(name));

    /// <summary>Whether an address is the person's.</summary>
    public bool IsEmail(string? address) => address is not null && Email is not null && Normalize(address) == Email;

    /// <summary>Whether a text names the person.</summary>
    public bool IsIn(string? text) => Writings(text).Any(_strict.IsMatch);

    /// <summary>
    /// Whether it may: in names of files, letters around an address such as <c>_</c> may be part of it or separate it.
    /// </summary>
    public bool MayBeIn(string? text) => Writings(text).Any(_loose.IsMatch);

    private static string Normalize(string text) => NormalizedText.Of(NormalizedText.Trim(text)).ToLowerInvariant();

    private static Regex Build(string pattern)
        => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static IEnumerable<string> Writings(string? text)
    {
        if (string.IsNullOrEmpty(text))
            yield break;
        var plain = NormalizedText.Of(text).ToLowerInvariant();
        yield return plain;
        if (plain.Contains('%', StringComparison.Ordinal))
            yield return NormalizedText.Of(Uri.UnescapeDataString(plain)).ToLowerInvariant();
        if (plain.Contains("\\u", StringComparison.Ordinal))
            yield return NormalizedText.Of(Escapes().Replace(plain, Unescape)).ToLowerInvariant();
    }

    private static string Unescape(Match escape) => ((char)Convert.ToUInt16(escape.Groups[1].Value, 16)).ToString();

    [GeneratedRegex(@"\\u([0-9a-f]{4})")]
    private static partial Regex Escapes();
}
