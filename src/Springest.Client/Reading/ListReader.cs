using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Springest.Client.Json;

namespace Springest.Client.Reading;

/// <summary>Makes records of an answer.</summary>
internal static class ListReader
{
    /// <summary>The records that have an id; any other is told of in <see cref="SpringestPage{T}.Skipped"/>.</summary>
    /// <exception cref="UnreadableException">It is no list and no record.</exception>
    public static SpringestPage<T> Read<T>(Answer answer, string listName, int offset, JsonTypeInfo<T> type, Func<T, long?> idOf)
        where T : SpringestRecord
    {
        var items = new List<T>();
        List<SkippedRecord>? skipped = null;
        var empty = 0;
        var total = Read(answer, json => Envelope.Read(json.Span, listName, offset, (ref Utf8JsonReader reader) =>
        {
            if (Envelope.IsNothing(reader))
            {
                empty++;
                return;
            }
            var start = reader;
            if (TryRead(ref reader, type) is { } record && idOf(record) is not (null or 0))
            {
                items.Add(record);
                return;
            }
            reader = start;
            reader.Skip();
            var place = offset + items.Count + (skipped ??= []).Count + empty;
            skipped.Add(new SkippedRecord(place, json[(int)start.TokenStartIndex..(int)reader.BytesConsumed].ToArray()));
        }));
        return new SpringestPage<T>(items, offset, total) { Skipped = skipped ?? [], Empty = empty };
    }

    /// <summary>Every record as it came.</summary>
    /// <exception cref="UnreadableException">It is no list and no record.</exception>
    public static SpringestPage<RawRecord> ReadRaw(Answer answer, string listName, int offset)
    {
        var items = new List<RawRecord>();
        var empty = 0;
        var total = Read(answer, json => Envelope.Read(json.Span, listName, offset, (ref Utf8JsonReader reader) =>
        {
            if (Envelope.IsNothing(reader))
            {
                empty++;
                return;
            }
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(new RawRecord(json[start..(int)reader.BytesConsumed].ToArray(), answer.Sent));
        }));
        return new SpringestPage<RawRecord>(items, offset, total) { Empty = empty };
    }

    /// <summary>What <paramref name="read"/> makes of the JSON in an answer.</summary>
    /// <exception cref="UnreadableException">It is no JSON.</exception>
    public static T Read<T>(Answer answer, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(ResponseText.ToJson(answer));
        }
        catch (JsonException e)
        {
            throw UnreadableException.NotJson(e);
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableException("it holds a name with half a character");
        }
    }

    private static T? TryRead<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> type)
        where T : SpringestRecord
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return null;
        try
        {
            return OddValues.Read(ref reader, type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Too much in it, or names that are no text. If it is no JSON, skipping it will say so.
            return null;
        }
    }
}
