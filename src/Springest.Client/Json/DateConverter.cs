using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>A day, <c>yyyy-mm-dd</c>, also with a time behind it. What is no day (<c>0000-00-00</c>, empty) is null.</summary>
internal sealed class DateConverter : JsonConverter<DateOnly?>
{
    public const string Format = "yyyy-MM-dd";

    public override DateOnly? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length == Format.Length && reader.TryGetDateTime(out var plain))
            return DateOnly.FromDateTime(plain);
        var text = TextConverter.ReadText(ref reader).AsSpan().Trim();
        if (text.Length > Format.Length && text[Format.Length] is 'T' or ' ')
            text = text[..Format.Length];
        return DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    public override void Write(Utf8JsonWriter writer, DateOnly? value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(value.Value.ToString(Format, CultureInfo.InvariantCulture));
    }
}
