namespace Springest.Functions.Text;

/// <summary>Text in the portions that a table can hold.</summary>
internal static class StoredText
{
    /// <summary>The text's beginning, at most <paramref name="length"/> characters, no surrogate pair cut in two.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : text[..BreakBefore(text, length)];

    /// <summary>The same for a reader: an ellipsis stands for what was left out.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : Cut(text, length) + "…";

    /// <summary>The text in pieces of at most <paramref name="length"/> characters; their sum is the text.</summary>
    public static IEnumerable<string> Pieces(string text, int length)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.Length - start <= length ? text.Length : BreakBefore(text, start + length);
            yield return text[start..end];
            start = end;
        }
    }

    private static int BreakBefore(string text, int index) => char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;
}
