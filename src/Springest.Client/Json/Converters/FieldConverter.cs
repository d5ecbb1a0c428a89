using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Springest.Client.Json.Converters;

/// <summary>A field that is sent; the context leaves out those that are not set.</summary>
internal sealed class FieldConverter<T> : JsonConverter<Field<T>>
{
    public override bool HandleNull => true;

    public override Field<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => new(JsonSerializer.Deserialize(ref reader, Inner(options)));

    public override void Write(Utf8JsonWriter writer, Field<T> value, JsonSerializerOptions options)
    {
        if (value.Value is null)
            writer.WriteNullValue();
        else
            JsonSerializer.Serialize(writer, value.Value, Inner(options));
    }

    private static JsonTypeInfo<T> Inner(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
