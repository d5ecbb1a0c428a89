using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace Springest.Functions.Text;

/// <summary>Text in the portions that a table can hold.</summary>
internal static class StoredText
{
    /// <summary>A column holds 32,768 characters.</summary>
    public const int PieceLength = 30_000;

    /// <summary>The text's beginning, at most <paramref name="length"/> characters, no surrogate pair cut in two.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : text[..BreakBefore(text, length)];

    /// <summary>The same for a reader: an ellipsis stands for what was left out.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : Cut(text, length) + "…";

    /// <summary>Puts a text into as many columns as it needs, such as <c>Json</c>, <c>Json2</c> ..., in place of what is there.</summary>
    public static void Put(TableEntity row, string name, string text)
    {
        for (var index = 0; row.Remove(Column(name, index)); index++)
        {
        }

        foreach (var (index, piece) in Pieces(text).Index())
            row[Column(name, index)] = piece;
    }

    /// <summary>The text in such columns; empty if there is none.</summary>
    public static string Get(TableEntity row, string name)
    {
        var text = new StringBuilder();
        for (var index = 0; row.GetString(Column(name, index)) is { } piece; index++)
            text.Append(piece);
        return text.ToString();
    }

    private static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.Length - start <= PieceLength ? text.Length : BreakBefore(text, start + PieceLength);
            yield return text[start..end];
            start = end;
        }
    }

    private static string Column(string name, int index)
        => index == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{index + 1}");

    private static int BreakBefore(string text, int index) => char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;
}
