using System.Text.Json;
using Springest.Simulator.Data;

namespace Springest.Simulator.Http;

/// <summary>Lists in pages and single records, in the envelope of section 4 of the contract.</summary>
internal static class ListReply
{
    public const int MaxSize = 30;

    /// <summary>The page of <paramref name="items"/> that the request asks for.</summary>
    public static Reply Page(Call call, string key, IReadOnlyList<Record> items) => Page(call, key, items, WriteAsIs);

    /// <summary>The page of <paramref name="items"/> that the request asks for.</summary>
    public static Reply Page<T>(Call call, string key, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        var (offset, size) = Paging(call);
        return Envelope(call, key, items.Skip(offset).Take(size), items.Count, offset, write);
    }

    /// <summary>One record as a list of one; 404 if there is none, or if it is not to be seen.</summary>
    public static Reply Single(Call call, RecordSet set, Action<Utf8JsonWriter, Record>? write = null)
        => call.Id() is { } id && set.Find(id) is { Visible: true } record ? Envelope(call, set.Name, [record], 1, 0, write ?? WriteAsIs) : Reply.NotFound();

    private static (int Offset, int Size) Paging(Call call)
    {
        var (offset, size) = (call.Number("offset") ?? 0, call.Number("size") ?? 10);
        if (offset < 0)
            throw new BadParameterException("offset", "is less than 0");
        if (size is < 1 or > MaxSize && call.Behaviour.RejectPageSize)
            throw new BadParameterException("size", "is not between 1 and 30");
        return (offset, Math.Clamp(size, 1, MaxSize));
    }

    private static Reply Envelope<T>(Call call, string key, IEnumerable<T> items, int total, int offset, Action<Utf8JsonWriter, T> write)
        => Reply.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("meta");
            writer.WriteNumber("results", total);
            writer.WriteNumber("offset", offset);
            writer.WriteStartArray("filters");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteStartArray(key);
            foreach (var item in items)
                write(writer, item);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static void WriteAsIs(Utf8JsonWriter writer, Record record) => writer.WriteRawValue(record.Json.Span, skipInputValidation: true);
}
