using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>A number, or a string that holds one with a dot (docs/springest-api.md, section 3.2). Anything else is null.</summary>
internal sealed class NumberConverter<T> : JsonConverter<T?>
    where T : struct, INumber<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadNumber(ref reader);

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            WriteNumber(writer, value.Value);
    }

    public static T? ReadNumber(ref Utf8JsonReader reader)
    {
        if (TryReadPlain(ref reader, out var plain))
            return plain;
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String && TextConverter.TryReadText(ref reader, out var text))
        {
            if (string.IsNullOrWhiteSpace(text))
                return null;
            // Float takes 12.0 and 1.2e1 for a whole number too.
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value))
                return value;
        }
        OddValues.Skip(ref reader);
        return null;
    }

    public static void WriteNumber(Utf8JsonWriter writer, T value)
    {
        Span<byte> text = stackalloc byte[64];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    /// <summary>The common case, by the reader's own and fastest way. The types are known when this is compiled to machine code.</summary>
    private static bool TryReadPlain(ref Utf8JsonReader reader, out T value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.Number)
            return false;
        if (typeof(T) == typeof(long) && reader.TryGetInt64(out var whole))
            value = (T)(object)whole;
        else if (typeof(T) == typeof(int) && reader.TryGetInt32(out var small))
            value = (T)(object)small;
        else if (typeof(T) == typeof(decimal) && reader.TryGetDecimal(out var number))
            value = (T)(object)number;
        else
            return false;
        return true;
    }
}
