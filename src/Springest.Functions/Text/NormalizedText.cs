using System.Globalization;

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

    /// <summary>The text without blanks at its ends, nor characters there that nobody sees, such as a zero-width space.</summary>
    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsUnseen(text[start]))
            start++;
        while (start < end && IsUnseen(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>The text with names in the place of characters that nobody sees, for a sentence about what is wrong with it.</summary>
    public static string Show(string text)
        => string.Concat(text.Select(letter => letter != ' ' && IsUnseen(letter) ? $"<U+{(int)letter:X4}>" : $"{letter}"));

    private static bool IsUnseen(char letter)
        => char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control;
}
