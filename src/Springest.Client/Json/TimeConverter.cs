using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>A moment, as <see cref="SpringestTime"/> reads it.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) && HasOffset(reader.ValueSpan)
            ? time
            : SpringestTime.Parse(TextConverter.ReadText(ref reader).Trim());

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
