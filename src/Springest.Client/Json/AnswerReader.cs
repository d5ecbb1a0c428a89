using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Springest.Client.Http;

namespace Springest.Client.Json;

/// <summary>Makes records of an answer; whatever is wrong with it becomes a <see cref="SpringestException"/>.</summary>
internal static class AnswerReader
{
    public static (List<T> Items, long? Total) ReadList<T>(SpringestCall call, Answer answer, string listName, JsonTypeInfo<T> type)
        => ReadList(call, answer, listName, (ReadOnlySpan<byte> _, ref Utf8JsonReader reader)
            => JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("A record is null."));

    public static (List<RawRecord> Items, long? Total) ReadRawList(SpringestCall call, Answer answer, string listName)
        => ReadList(call, answer, listName, (ReadOnlySpan<byte> json, ref Utf8JsonReader reader) =>
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return new RawRecord(json[start..(int)reader.BytesConsumed].ToArray(), answer.Sent);
        });

    /// <summary>The id in the answer to a creation, in an envelope or not; null if it holds none, or nothing at all.</summary>
    public static long? ReadCreatedId(SpringestCall call, Answer answer)
        => answer.Body.IsEmpty ? null : Read(call, answer, json =>
        {
            using var document = JsonDocument.Parse(json);
            return CreatedId(document.RootElement);
        });

    /// <summary>What <paramref name="read"/> makes of the JSON in an answer.</summary>
    public static T Read<T>(SpringestCall call, Answer answer, Func<ReadOnlyMemory<byte>, T> read)
    {
        var json = answer.Body;
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        if (!Utf8.IsValid(json.Span))
            throw call.Unreadable(answer, "it is not UTF-8");
        if (json.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..])
            throw call.Unreadable(answer, "it is HTML or XML, not JSON");
        try
        {
            return read(json);
        }
        catch (JsonException e)
        {
            throw call.Unreadable(answer, e.Message.TrimEnd('.'), e);
        }
    }

    private static long? CreatedId(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("error", out _) => throw new JsonException("It holds an error."),
        JsonValueKind.Object when element.TryGetProperty("id", out var id) => long.TryParse(id.ToString(), CultureInfo.InvariantCulture, out var number) ? number : null,
        JsonValueKind.Object => element.EnumerateObject().Select(property => CreatedId(property.Value)).FirstOrDefault(id => id is not null),
        JsonValueKind.Array => element.EnumerateArray().Select(CreatedId).FirstOrDefault(id => id is not null),
        _ => null,
    };

    private static (List<T> Items, long? Total) ReadList<T>(
        SpringestCall call, Answer answer, string listName, Envelope.ItemReader<T> readItem)
        => Read(call, answer, json => Envelope.Read(json.Span, listName, readItem));
}
