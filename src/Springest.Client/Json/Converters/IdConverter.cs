using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json.Converters;

/// <summary>An id: a number of up to 64 bits, or a string that holds one. Anything else is 0, which no record has.</summary>
internal sealed class IdConverter : JsonConverter<long>
{
    public override bool HandleNull => true;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Null ? 0 : NumberConverter<long>.ReadNumber(ref reader) ?? 0;

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
