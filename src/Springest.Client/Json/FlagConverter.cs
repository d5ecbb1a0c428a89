using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>A boolean, also as <c>"true"</c>, <c>"False"</c>, <c>1</c>, <c>"0"</c>, <c>"yes"</c>; an empty string is null.</summary>
internal sealed class FlagConverter : JsonConverter<bool?>
{
    public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : Parse(TextConverter.ReadText(ref reader));

    public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            writer.WriteBooleanValue(value.Value);
    }

    private static bool? Parse(string text) => text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" => true,
        "FALSE" or "0" or "NO" => false,
        "" => null,
        _ => throw new JsonException("Not a boolean."),
    };
}
