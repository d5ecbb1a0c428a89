using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Springest.Client.Json;

/// <summary>
/// Reads records in which values are not what they should be. A converter then gives null and notes it here; the record is looked through
/// once more, and such values are kept in <see cref="SpringestRecord.OtherFields"/> as they came.
/// </summary>
internal static class OddValues
{
    [ThreadStatic]
    private static bool s_seen;

    /// <summary>Notes that the value under way cannot be read, and leaves the reader on its last token.</summary>
    public static void Skip(ref Utf8JsonReader reader)
    {
        s_seen = true;
        reader.Skip();
    }

    /// <summary>Reads the record that the reader stands on and leaves the reader on its last token.</summary>
    public static T? Read<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> type)
        where T : SpringestRecord
    {
        var start = reader;
        s_seen = false;
        var record = type.ReadItem(ref reader);
        if (s_seen && record is not null)
            Keep(record, JsonElement.ParseValue(ref start), type);
        return record;
    }

    /// <summary>
    /// What <see cref="JsonSerializer.Deserialize{T}(ref Utf8JsonReader, JsonTypeInfo{T})"/> does, at half the price: that one first
    /// runs to the end of the value to know where it ends.
    /// </summary>
    public static T? ReadItem<T>(this JsonTypeInfo<T> type, ref Utf8JsonReader reader)
        => ((JsonConverter<T>)type.Converter).Read(ref reader, typeof(T), type.Options);

    private static void Keep(SpringestRecord record, JsonElement json, JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is not { IsExtensionData: false, Get: { } get } || !json.TryGetProperty(property.Name, out var value))
                continue;
            switch (get(record))
            {
                case SpringestRecord nested:
                    Keep(nested, value, type.Options.GetTypeInfo(nested.GetType()));
                    break;
                case IReadOnlyList<SpringestRecord> list:
                    foreach (var (item, itemJson) in list.Zip(SpringestValue.Items(value)))
                        Keep(item, itemJson, type.Options.GetTypeInfo(item.GetType()));
                    if (!SpringestValue.IsList(value))
                        KeepValue(record, property.Name, value);
                    break;
                default:
                    if (IsOdd(value, property, type.Options))
                        KeepValue(record, property.Name, value);
                    break;
            }
        }
    }

    private static void KeepValue(SpringestRecord record, string name, JsonElement value)
        => (record.OtherFields ??= new Dictionary<string, JsonElement>())[name] = value;

    private static bool IsOdd(JsonElement value, JsonPropertyInfo property, JsonSerializerOptions options)
    {
        // Of a record that is none, or a value that could have been read.
        if (typeof(SpringestRecord).IsAssignableFrom(property.PropertyType))
            return !SpringestValue.IsNothing(value);
        s_seen = false;
        value.Deserialize(options.GetTypeInfo(property.PropertyType));
        return s_seen;
    }
}
