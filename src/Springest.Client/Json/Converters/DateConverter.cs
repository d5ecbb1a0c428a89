using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>A day, <c>yyyy-mm-dd</c>, also with a time behind it. Anything else (<c>0000-00-00</c>) is null.</summary>
internal sealed class DateConverter : JsonConverter<DateOnly?>
{
    public const string Format = "yyyy-MM-dd";

    public override DateOnly? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false } && reader.ValueSpan.Length == Format.Length
            && reader.TryGetDateTime(out var plain))
            return DateOnly.FromDateTime(plain);
        if (TextConverter.TryReadText(ref reader, out var sent))
        {
            var text = sent.AsSpan().Trim();
            if (text.IsEmpty)
                return null;
            if (text.Length > Format.Length && IsTime(text[Format.Length..]))
                text = text[..Format.Length];
            if (DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
        }
        OddValues.Skip(ref reader);
        return null;
    }

    public override void Write(Utf8JsonWriter writer, DateOnly? value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(value.Value.ToString(Format, CultureInfo.InvariantCulture));
    }

    // On a day of which each time is a moment: the first and the last year have none in Amsterdam.
    private static bool IsTime(ReadOnlySpan<char> text) => text[0] is 'T' or ' ' && SpringestTime.Parse($"2000-01-01{text}") is not null;
}
