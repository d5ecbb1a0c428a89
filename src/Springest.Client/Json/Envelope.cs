using System.Text.Json;

namespace Springest.Client.Json;

/// <summary>
/// Reads the answer around the records (docs/springest-api.md, section 4): <c>meta</c> with <c>results</c> or <c>count</c>, or no
/// <c>meta</c>; the list under its own or another name; a bare array; a bare record.
/// </summary>
internal static class Envelope
{
    /// <summary>Far above what a page or a field of a record holds; a small answer must not become a mountain of records.</summary>
    public const int MaxItems = 10_000;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 64 };

    /// <summary>Reads the value that the reader stands on and leaves the reader on its last token.</summary>
    public delegate T ItemReader<out T>(ReadOnlySpan<byte> json, ref Utf8JsonReader reader);

    /// <exception cref="JsonException">The answer is no JSON, or holds no list and no record.</exception>
    public static (List<T> Items, long? Total) Read<T>(ReadOnlySpan<byte> json, string listName, ItemReader<T> readItem)
    {
        var reader = new Utf8JsonReader(json, s_options);
        Advance(ref reader);
        var items = new List<T>();
        long? total = null;
        if (reader.TokenType == JsonTokenType.StartArray)
            ReadItems(json, ref reader, readItem, items);
        else if (reader.TokenType == JsonTokenType.StartObject)
            total = ReadObject(json, ref reader, listName, readItem, items);
        else
            throw new JsonException("It is neither an object nor an array.");
        // Whatever stands behind the value makes the reader throw.
        while (reader.Read())
        {
        }
        return (items, total);
    }

    private static long? ReadObject<T>(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, string listName, ItemReader<T> readItem, List<T> items)
    {
        var start = reader;
        long? total = null;
        var (hasMeta, hasList, hasId, hasError) = (false, false, false, false);
        Utf8JsonReader other = default;
        while (Advance(ref reader) && reader.TokenType != JsonTokenType.EndObject)
        {
            var isList = reader.ValueTextEquals(listName);
            var isMeta = reader.ValueTextEquals("meta"u8);
            var isError = reader.ValueTextEquals("error"u8) || reader.ValueTextEquals("errors"u8);
            hasId |= reader.ValueTextEquals("id"u8);
            Advance(ref reader);
            hasError |= isError && !SaysNothing(reader);
            if (isList && (IsContainer(reader) || IsEmpty(reader)))
            {
                if (IsContainer(reader))
                    ReadItems(json, ref reader, readItem, items);
                hasList = true;
                continue;
            }
            if (isMeta && reader.TokenType == JsonTokenType.StartObject)
            {
                total = ReadTotal(ref reader);
                hasMeta = true;
                continue;
            }
            if (!isError && other.TokenType == JsonTokenType.None && IsContainer(reader))
                other = reader;
            reader.Skip();
        }

        // Nothing, and a reason for it: this is not to say that there is nothing.
        if (hasError && !hasId && items.Count == 0)
            throw new JsonException("It holds an error.");
        if (hasList)
            return total;
        if (!hasId && other.TokenType != JsonTokenType.None && (hasMeta || other.TokenType == JsonTokenType.StartObject))
            ReadItems(json, ref other, readItem, items);
        else if (hasId && !hasMeta)
            items.Add(readItem(json, ref start));
        else if (total != 0)
            throw new JsonException($"It holds neither '{listName}' nor a record.");
        return total;
    }

    /// <summary>The items of an array; an object is one item, or, as XML without array types arrives, holds them as its values.</summary>
    private static void ReadItems<T>(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ItemReader<T> readItem, List<T> items)
    {
        if (reader.TokenType == JsonTokenType.StartObject && !reader.HoldsObjects())
        {
            items.Add(readItem(json, ref reader));
            return;
        }
        while (Advance(ref reader) && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.Null)
                continue;
            if (items.Count == MaxItems)
                throw new JsonException($"It holds more than {MaxItems} records.");
            items.Add(readItem(json, ref reader));
        }
    }

    /// <summary>True on an object whose first value is an object: what XML without array types makes of a list.</summary>
    public static bool HoldsObjects(this Utf8JsonReader reader)
        => Advance(ref reader) && reader.TokenType == JsonTokenType.PropertyName
            && Advance(ref reader) && reader.TokenType == JsonTokenType.StartObject;

    private static long? ReadTotal(ref Utf8JsonReader reader)
    {
        long? results = null, count = null;
        while (Advance(ref reader) && reader.TokenType != JsonTokenType.EndObject)
        {
            var isResults = reader.ValueTextEquals("results"u8);
            var isCount = reader.ValueTextEquals("count"u8);
            Advance(ref reader);
            if (isResults && !IsContainer(reader) && reader.TokenType != JsonTokenType.Null)
                results = NumberConverter<long>.ReadNumber(ref reader);
            else if (isCount && !IsContainer(reader) && reader.TokenType != JsonTokenType.Null)
                count = NumberConverter<long>.ReadNumber(ref reader);
            else
                reader.Skip();
        }
        return results ?? count;
    }

    /// <summary>Of a field that there is in every answer, such as <c>"errors": []</c>.</summary>
    private static bool SaysNothing(Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.False || IsEmpty(reader)
            || (IsContainer(reader) && Advance(ref reader) && reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject);

    private static bool IsContainer(Utf8JsonReader reader) => reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;

    /// <summary>Null, or what XML makes of a list without items and type.</summary>
    private static bool IsEmpty(Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty);

    private static bool Advance(ref Utf8JsonReader reader) => reader.Read() ? true : throw new JsonException("It breaks off.");
}
