using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using System.Xml;
using Springest.Client.Http;

namespace Springest.Client.Json;

/// <summary>Makes records of an answer; whatever is wrong with it becomes a <see cref="SpringestException"/>.</summary>
internal static class AnswerReader
{
    public static (List<T> Items, long? Total) ReadList<T>(
        SpringestCall call, Answer answer, string listName, JsonTypeInfo<T> type, Func<T, long?> idOf)
        where T : SpringestRecord
        => ReadList(call, answer, listName, (ReadOnlySpan<byte> _, ref Utf8JsonReader reader) =>
        {
            var record = type.ReadRecord(ref reader)!;
            return idOf(record) == 0 ? throw new JsonException("A record has no id.") : record;
        });

    public static (List<RawRecord> Items, long? Total) ReadRawList(SpringestCall call, Answer answer, string listName)
        => ReadList(call, answer, listName, (ReadOnlySpan<byte> json, ref Utf8JsonReader reader) =>
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return new RawRecord(json[start..(int)reader.BytesConsumed].ToArray(), answer.Sent);
        });

    /// <summary>The record in the answer to a write, in an envelope or not; null if it holds nothing at all.</summary>
    public static T? ReadWritten<T>(SpringestCall call, Answer answer, string listName, JsonTypeInfo<T> type, Func<T, long?> idOf)
        where T : SpringestRecord
        => answer.Body.IsEmpty ? null : ReadList(call, answer, listName, type, idOf).Items.FirstOrDefault();

    /// <summary>An answer that is one value without an envelope.</summary>
    public static T ReadWhole<T>(SpringestCall call, Answer answer, JsonTypeInfo<T> type)
        where T : SpringestRecord
    {
        var record = Read(call, answer, json => JsonSerializer.Deserialize(json.Span, type) ?? throw new JsonException("It is null."));
        return record.OtherFields?.ContainsKey("error") == true ? throw call.Unreadable(answer, "it holds an error") : record;
    }

    /// <summary>The id in the answer to a creation, in an envelope or not; null if it holds none, or nothing at all.</summary>
    public static long? ReadCreatedId(SpringestCall call, Answer answer)
        => ReadCreatedIds(call, answer) is [var id, ..] ? id : null;

    /// <summary>What <paramref name="read"/> makes of the JSON in an answer.</summary>
    public static T Read<T>(SpringestCall call, Answer answer, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(JsonOf(call, answer));
        }
        // InvalidOperationException is what the reader says of half a surrogate pair.
        catch (Exception e) when (e is JsonException or XmlException or InvalidOperationException)
        {
            var place = e is JsonException { Path: { } path } && !e.Message.Contains(path, StringComparison.Ordinal) ? $" ({path})" : "";
            throw call.Unreadable(answer, e.Message.TrimEnd('.') + place, e);
        }
    }

    /// <summary>All ids in the answer to a creation, in order.</summary>
    public static IReadOnlyList<long> ReadCreatedIds(SpringestCall call, Answer answer)
        => answer.Body.IsEmpty ? [] : Read(call, answer, json =>
        {
            using var document = JsonDocument.Parse(json);
            return CreatedIds(document.RootElement).ToList();
        });

    private static ReadOnlyMemory<byte> JsonOf(SpringestCall call, Answer answer)
    {
        var json = PlainJsonOf(call, answer);
        if (json.Span.Count((byte)',') > call.MostValues)
            throw call.Unreadable(answer, "it holds too many values");
        return json;
    }

    private static ReadOnlyMemory<byte> PlainJsonOf(SpringestCall call, Answer answer)
    {
        var text = answer.Body;
        if (text.Span.StartsWith("\uFEFF"u8))
            text = text[3..];
        if (!Utf8.IsValid(text.Span))
            throw call.Unreadable(answer, "it is not UTF-8");
        if (text.Span.TrimStart(" \t\r\n"u8) is not [(byte)'<', ..])
            return call.Request.Extension == "jsonp" ? Jsonp.Unwrap(text) : text;
        if (call.Request.Extension != "xml")
            throw call.Unreadable(answer, "it is HTML or XML, not JSON");
        return XmlToJson.Convert(text);
    }

    private static IEnumerable<long> CreatedIds(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("error", out _) => throw new JsonException("It holds an error."),
        JsonValueKind.Object when element.TryGetProperty("id", out var id)
            => long.TryParse(id.ToString(), CultureInfo.InvariantCulture, out var number) ? [number] : [],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => CreatedIds(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(CreatedIds),
        _ => [],
    };

    private static (List<T> Items, long? Total) ReadList<T>(
        SpringestCall call, Answer answer, string listName, Envelope.ItemReader<T> readItem)
        => Read(call, answer, json => Envelope.Read(json.Span, listName, readItem));
}
