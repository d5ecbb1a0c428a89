using System.Buffers.Text;
using System.Text.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client.Reading;

/// <summary>
/// Finds the records in an answer (docs/springest-api.md, section 4): <c>meta</c> with <c>results</c> or <c>count</c>, or no
/// <c>meta</c>; the list under its own or another name; a bare array; a bare record.
/// </summary>
internal static class Envelope
{
    /// <summary>Far above what a page or a field of a record holds; a small answer must not become a mountain of records.</summary>
    public const int MaxItems = 10_000;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 64 };

    /// <summary>
    /// Takes the value that the reader stands on and leaves the reader on its last token. The value may be nothing
    /// (<see cref="IsNothing"/>): that is no record, but has a place in the list.
    /// </summary>
    public delegate void TakeItem(ref Utf8JsonReader reader);

    /// <param name="json">The answer.</param>
    /// <param name="listName">The name under which the list is expected.</param>
    /// <param name="offset">Where the answer begins in the list.</param>
    /// <param name="take">Called with each value.</param>
    /// <returns>The total over all pages; null if there is none, or it is no plain integer.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="UnreadableException">It holds no list and no record.</exception>
    public static long? Read(ReadOnlySpan<byte> json, string listName, int offset, TakeItem take)
    {
        var reader = new Utf8JsonReader(json, s_options);
        reader.Read();
        long? total = null;
        if (reader.TokenType == JsonTokenType.StartArray)
            TakeItems(ref reader, take);
        else if (reader.TokenType == JsonTokenType.StartObject)
            total = ReadObject(ref reader, listName, offset, take);
        else
            throw new UnreadableException("it is neither an object nor an array");
        // Whatever stands behind the value makes the reader throw.
        reader.Read();
        return total;
    }

    /// <summary>
    /// True on an object that is a record rather than a list keyed by index or, as XML without array types arrives, by name: it has an
    /// id, or anything but objects.
    /// </summary>
    public static bool IsRecord(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
                return true;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject && !IsNothing(reader))
                return true;
            reader.Skip();
        }
        return false;
    }

    /// <summary>Null, or what XML makes of an element that holds nothing.</summary>
    public static bool IsNothing(Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null
        || (reader.TokenType == JsonTokenType.String && TextConverter.TryReadText(ref reader, out var text)
            && string.IsNullOrWhiteSpace(text));

    private static long? ReadObject(ref Utf8JsonReader reader, string listName, int offset, TakeItem take)
    {
        var start = reader;
        long? total = null;
        var (hasMeta, hasList, hasId, hasError, hasOther, hasEmpty, taken) = (false, false, false, false, false, false, false);
        Utf8JsonReader other = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = reader.ValueTextEquals(listName);
            var isMeta = reader.ValueTextEquals("meta"u8);
            var isError = reader.ValueTextEquals("error"u8) || reader.ValueTextEquals("errors"u8);
            hasId |= reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isList && (IsContainer(reader) || IsNothing(reader)))
            {
                hasList = true;
                taken |= IsContainer(reader) && TakeItems(ref reader, take);
                continue;
            }
            if (isMeta && reader.TokenType == JsonTokenType.StartObject)
            {
                hasMeta = true;
                total = ReadTotal(ref reader);
                continue;
            }
            if (isError)
            {
                hasError |= !SaysNothing(reader);
            }
            else if (IsContainer(reader) && !hasOther)
            {
                hasOther = HoldsRecords(reader);
                hasEmpty |= !hasOther;
                other = reader;
            }
            reader.Skip();
        }

        // Nothing, and a reason for it: this is not to say that there is nothing.
        if (hasError && !hasId && !taken)
            throw new UnreadableException("it holds an error");
        if (hasList)
            return total;
        if (hasId)
            take(ref start);
        else if (hasOther)
            TakeItems(ref other, take);
        // An empty list under another name is accepted only if the total allows an empty page here.
        else if (total != 0 && !(hasMeta && hasEmpty && !(total > offset)))
            throw new UnreadableException($"it holds neither '{listName}' nor a record");
        return total;
    }

    private static bool TakeItems(ref Utf8JsonReader reader, TakeItem take)
    {
        if (reader.TokenType == JsonTokenType.StartObject && IsRecord(reader))
        {
            take(ref reader);
            return true;
        }
        var count = 0;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                continue;
            if (!IsNothing(reader) && ++count > MaxItems)
                throw new UnreadableException($"it holds more than {MaxItems} records");
            take(ref reader);
        }
        return count > 0;
    }

    /// <summary>True on a record with an id, or a list that begins with one.</summary>
    private static bool HoldsRecords(Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject && HasId(reader))
            return true;
        while (reader.Read() && (reader.TokenType == JsonTokenType.PropertyName || IsNothing(reader)))
        {
        }
        return reader.TokenType == JsonTokenType.StartObject && HasId(reader);
    }

    private static bool HasId(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
                return true;
            reader.Read();
            reader.Skip();
        }
        return false;
    }

    private static long? ReadTotal(ref Utf8JsonReader reader)
    {
        long? results = null, count = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResults = reader.ValueTextEquals("results"u8);
            var isCount = reader.ValueTextEquals("count"u8);
            reader.Read();
            if (isResults)
                results = PlainInteger(reader);
            else if (isCount)
                count = PlainInteger(reader);
            reader.Skip();
        }
        return results ?? count;
    }

    /// <summary>Digits, as a number or a text. <c>24.000</c> may mean 24 or 24,000, so that it means nothing.</summary>
    private static long? PlainInteger(Utf8JsonReader reader)
        => reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            && reader.ValueSpan.Trim(" \t\r\n"u8) is [not (byte)'-', ..] text
            && Utf8Parser.TryParse(text, out long number, out var length) && length == text.Length ? number : null;

    /// <summary>Of a field that there is in every answer, such as <c>"errors": []</c>.</summary>
    private static bool SaysNothing(Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.False || IsNothing(reader)
            || (IsContainer(reader) && reader.Read() && reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject);

    private static bool IsContainer(Utf8JsonReader reader) => reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
}
