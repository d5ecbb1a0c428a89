using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Springest.Client.Json;

/// <summary>Reads one value in the midst of others, and leaves the reader on its last token.</summary>
internal static class ItemReading
{
    /// <summary>
    /// What <see cref="JsonSerializer.Deserialize{T}(ref Utf8JsonReader, JsonTypeInfo{T})"/> does, at half the price: that one first
    /// runs to the end of the value to know where it ends.
    /// </summary>
    public static T? ReadItem<T>(this JsonTypeInfo<T> type, ref Utf8JsonReader reader)
        => ((JsonConverter<T>)type.Converter).Read(ref reader, typeof(T), type.Options);

    /// <summary>The same, for a value on its own: a fault in it names its place, which only the serializer knows how to do.</summary>
    public static T? ReadRecord<T>(this JsonTypeInfo<T> type, ref Utf8JsonReader reader)
    {
        var start = reader;
        try
        {
            return type.ReadItem(ref reader);
        }
        catch (JsonException)
        {
            _ = JsonSerializer.Deserialize(ref start, type);
            throw;
        }
    }
}
