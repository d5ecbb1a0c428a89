namespace Springest.Functions.Text;

/// <summary>
/// Text in Unicode's composed form (NFC), for names that must be the same whoever wrote them: a Mac writes the ü of a file's name as u and
/// a mark, a spreadsheet as one letter. What is not text, such as half a surrogate pair, stays as it is.
/// </summary>
internal static class NormalizedText
{
    public static string Of(string text)
    {
        try
        {
            return text.Normalize();
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}
