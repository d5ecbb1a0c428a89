using System.Text.Json;

namespace Springest.Client.Json;

/// <summary>JSON inside of a call of a function (contract, section 8.11).</summary>
internal static class Jsonp
{
    public const string Callback = "springest";

    /// <summary>What stands between the brackets of <c>springest(...)</c>; plain JSON is left as it is.</summary>
    public static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> text)
    {
        var start = text.Span.IndexOf("springest("u8);
        if (start < 0)
            return text;
        var end = text.Span.LastIndexOf((byte)')');
        start += "springest(".Length;
        return end >= start ? text[start..end] : throw new JsonException("The call of the function breaks off.");
    }
}
