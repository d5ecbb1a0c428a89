using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>A moment, as <see cref="SpringestTime"/> reads it. Anything else is null.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } && HasOffset(reader.ValueSpan)
            && reader.TryGetDateTimeOffset(out var time))
            return time;
        if (TextConverter.TryReadText(ref reader, out var text))
        {
            if (string.IsNullOrWhiteSpace(text))
                return null;
            if (SpringestTime.Parse(text) is { } parsed)
                return parsed;
        }
        OddValues.Skip(ref reader);
        return null;
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(value.Value);
    }

    private static bool HasOffset(ReadOnlySpan<byte> text)
        => text.Length > DateConverter.Format.Length && (text[^1] is (byte)'Z' || text[DateConverter.Format.Length..].ContainsAny("+-"u8));
}
