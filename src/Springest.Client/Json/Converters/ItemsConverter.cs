using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Springest.Client.Reading;

namespace Springest.Client.Json.Converters;

/// <summary>
/// A list inside a record: an array's objects, those of an object keyed by index (or by name, as XML without <c>type="array"</c>
/// arrives), or a record on its own. Whatever else there is, is no item.
/// </summary>
internal sealed class ItemsConverter<T> : JsonConverter<IReadOnlyList<T>>
    where T : SpringestRecord
{
    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            if (!Envelope.IsNothing(reader))
                OddValues.Skip(ref reader);
            return [];
        }

        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = new List<T>();
        if (reader.TokenType == JsonTokenType.StartObject && Envelope.IsRecord(reader))
        {
            items.Add(type.ReadItem(ref reader)!);
            return items;
        }
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (reader.TokenType == JsonTokenType.PropertyName || Envelope.IsNothing(reader))
                continue;
            if (reader.TokenType != JsonTokenType.StartObject)
                OddValues.Skip(ref reader);
            else if (items.Count == Envelope.MaxItems)
                throw new JsonException($"A list holds more than {Envelope.MaxItems} items.");
            else
                items.Add(type.ReadItem(ref reader)!);
        }
        return items;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        var itemType = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        foreach (var item in value)
            JsonSerializer.Serialize(writer, item, itemType);
        writer.WriteEndArray();
    }
}
