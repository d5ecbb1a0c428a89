using System.Buffers.Text;
using System.Text;

namespace Springest.Functions.Catalogue.Records;

/// <summary>Where a reader stands in one list: opaque to him, and refused for any other list.</summary>
internal static class CatalogueCursor
{
    public static string Write(string list, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}|{key}"));

    /// <summary>The key after which to go on; empty without a cursor, null if it is broken or another list's.</summary>
    public static string? Read(string list, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return "";
        var bytes = new byte[cursor.Length];
        if (!Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return
            text.StartsWith($"{list}|", StringComparison.Ordinal)
            && text[(list.Length + 1)..] is var key
            && key.All(letter => char.IsAsciiDigit(letter) || letter == '-')
            ? key
            : null;
    }
}
