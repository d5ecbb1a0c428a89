using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Springest.Client.Json;

/// <summary>
/// A list inside a record: an array, without its nulls; null and empty text are no items; a bare record is one. XML that leaves
/// out <c>type="array"</c> arrives as an object whose values are the items.
/// </summary>
internal sealed class ItemsConverter<T> : JsonConverter<IReadOnlyList<T>>
{
    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && string.IsNullOrWhiteSpace(reader.GetString()))
            return [];
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            throw new JsonException($"List expected, {reader.TokenType} found.");

        var itemType = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var items = new List<T>();
        if (reader.TokenType == JsonTokenType.StartObject && !reader.HoldsObjects())
        {
            items.Add(itemType.ReadItem(ref reader)!);
            return items;
        }
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (reader.TokenType is JsonTokenType.Null or JsonTokenType.PropertyName)
                continue;
            if (items.Count == Envelope.MaxItems)
                throw new JsonException($"A list holds more than {Envelope.MaxItems} items.");
            if (itemType.ReadItem(ref reader) is { } item)
                items.Add(item);
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
