using System.Text;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>
/// Text in Windows-1252, as Excel saves a CSV file unless told otherwise. Nothing in a file says so, and the same bytes are other letters
/// in other encodings of the same age, so that it is read only where no other of them gives words.
/// </summary>
internal static class WindowsText
{
    // Letters of names in Western Europe, which are what a list has beyond ASCII; and what Word makes of an apostrophe.
    private const string Letters
        = "äöüÄÖÜßéèêëÉÈÊËáàâåÁÀÂÅíìîïÍÌÎÏóòôøÓÒÔØúùûÚÙÛçÇñÑæÆœŒÿ’\u00A0";

    // Where more stand together, they are letters of another script.
    private const int MostTogether = 2;

    private static readonly Encoding s_windows = Get(1252);

    // MS-DOS, which many old programs still write, and the Mac's.
    private static readonly Encoding[] s_others = [Get(850), Get(10000)];

    /// <returns>The text; null if it is none, or may be in another encoding.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes)
    {
        var text = s_windows.GetString(bytes);
        if (!HasWords(text))
            return null;
        foreach (var other in s_others)
        {
            if (HasWords(other.GetString(bytes)))
                return null;
        }

        return text;
    }

    /// <summary>Whether every letter beyond ASCII may stand where it does.</summary>
    private static bool HasWords(string text)
    {
        var together = 0;
        for (var i = 0; i < text.Length; i++)
        {
            together = text[i] < 0x80 ? 0 : together + 1;
            if (together == 0)
                continue;
            var (before, after) = (i == 0 ? ' ' : text[i - 1], i + 1 == text.Length ? ' ' : text[i + 1]);
            if (!Letters.Contains(text[i], StringComparison.Ordinal)
                || together > MostTogether
                || (char.IsUpper(text[i]) && char.IsLower(before))
                || (text[i] == 'ß' && !"aeiouyäöü".Contains(char.ToLowerInvariant(before), StringComparison.Ordinal))
                || (text[i] is 'ÿ' or '’' && !char.IsLetter(before) && !char.IsLetter(after)))
                return false;
        }

        return true;
    }

    private static Encoding Get(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page)!;
}
