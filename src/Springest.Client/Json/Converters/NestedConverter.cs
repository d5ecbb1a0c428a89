using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Springest.Client.Json.Converters;

/// <summary>A record inside a record. What is no object is null.</summary>
internal sealed class NestedConverter<T> : JsonConverter<T>
    where T : SpringestRecord
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return ((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))).ReadItem(ref reader);
        OddValues.Skip(ref reader);
        return null;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        => JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
}
