using ADRaffy.ENSNormalize;

namespace Springest.Functions.Catalogue;

/// <summary>
/// Text in Unicode's composed form (NFC), for names that must be the same whoever wrote them: a Mac writes the ü of a file's name as u and
/// a mark, a spreadsheet as one letter. The app runs without ICU, and <see cref="string.Normalize()"/> then leaves everything as it is.
/// </summary>
internal static class ComposedText
{
    // Up to here nothing composes, so that the tables are not even loaded for most.
    private const char LastAlone = '\u02FF';

    public static string Of(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', LastAlone) ? ENSNormalize.NF.NFC(text) : text;
}
