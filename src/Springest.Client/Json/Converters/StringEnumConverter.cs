using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>A word for whoever reads and writes records in ways of his own.</summary>
internal sealed class StringEnumConverter<T> : JsonConverter<T>
    where T : struct, IStringEnum<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => TextConverter.TryReadText(ref reader, out var text) ? T.Of(text) : throw new JsonException("Not a word.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
