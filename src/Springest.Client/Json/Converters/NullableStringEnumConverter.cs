using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>A word of a list that the API may extend. What is no text is null.</summary>
internal sealed class NullableStringEnumConverter<T> : JsonConverter<T?>
    where T : struct, IStringEnum<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (TextConverter.TryReadText(ref reader, out var text))
            return T.Of(text);
        OddValues.Skip(ref reader);
        return null;
    }

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.Value);
}
