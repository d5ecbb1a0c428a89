namespace Springest.Client.Reading;

/// <summary>JSON inside of a call of a function (docs/springest-api.md, section 8.11).</summary>
internal static class Jsonp
{
    public const string Callback = "springest";

    /// <summary>What stands between the brackets of <c>springest(...)</c>; plain JSON is left as it is.</summary>
    public static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> text)
    {
        if (text.Span.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..])
            return text;
        var (start, end) = (text.Span.IndexOf((byte)'(') + 1, text.Span.LastIndexOf((byte)')'));
        return start > 0 && end >= start ? text[start..end] : throw new UnreadableException("it is neither JSON nor a call with JSON");
    }
}
