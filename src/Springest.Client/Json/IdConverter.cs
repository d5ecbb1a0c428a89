using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>An id, which a record cannot be without: a number of up to 64 bits, or a string that holds one.</summary>
internal sealed class IdConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => NumberConverter<long>.ReadNumber(ref reader) ?? throw new JsonException("An id is empty.");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
