using System.Text.Json;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;

namespace Springest.Simulator.Http;

/// <summary>Lists in pages and single records, in the envelope (docs/springest-api.md, section 4).</summary>
internal static class ListReply
{
    public const int MaxSize = 30;

    // Parameters of every request, which are no filters.
    private static readonly HashSet<string> General = ["api_key", "offset", "size", "full", "version", "fields"];

    /// <summary>The page of <paramref name="items"/> that the request asks for.</summary>
    public static Reply Page(Call call, string key, IReadOnlyList<Record> items) => Page(call, key, items, RecordShape.Of(call).Write);

    /// <summary>The page of <paramref name="items"/> that the request asks for.</summary>
    public static Reply Page<T>(Call call, string key, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        var (offset, size) = Paging(call);
        return Envelope(call, key, items.Skip(offset).Take(size), new Meta(items.Count, offset, Single: false), write);
    }

    /// <summary>One record as a list of one; 404 if there is none, or if it is not to be seen.</summary>
    public static Reply Single(Call call, RecordSet set, RecordShape? shape = null)
        => call.Id() is { } id && set.Find(id) is { Visible: true } record
            ? Single(call, set.Name, record, (shape ?? RecordShape.Of(call)).Write)
            : Reply.NotFound();

    /// <summary>One record as a list of one.</summary>
    public static Reply Single<T>(Call call, string key, T record, Action<Utf8JsonWriter, T> write)
        => Envelope(call, key, [record], new Meta(1, 0, Single: true), write);

    private static (int Offset, int Size) Paging(Call call)
    {
        var (offset, size) = (call.Number("offset") ?? 0, call.Number("size") ?? 10);
        if (offset < 0)
            throw new BadParameterException("offset", "is less than 0");
        if (size is < 1 or > MaxSize && call.Behaviour.RejectPageSize)
            throw new BadParameterException("size", "is not between 1 and 30");
        return (offset, Math.Clamp(size, 1, MaxSize));
    }

    private static Reply Envelope<T>(Call call, string key, IEnumerable<T> items, Meta meta, Action<Utf8JsonWriter, T> write)
        => Reply.Write(writer =>
        {
            var shape = Shape(call, key);
            if (shape == EnvelopeShape.Bare && meta.Single)
            {
                write(writer, items.Single());
                return;
            }

            if (shape != EnvelopeShape.Bare)
            {
                writer.WriteStartObject();
                if (shape != EnvelopeShape.NoMeta)
                    WriteMeta(writer, call, meta, shape);
                writer.WritePropertyName(key);
            }

            writer.WriteStartArray();
            foreach (var item in items)
                write(writer, item);
            writer.WriteEndArray();
            if (shape != EnvelopeShape.Bare)
                writer.WriteEndObject();
        });

    private static void WriteMeta(Utf8JsonWriter writer, Call call, Meta meta, EnvelopeShape shape)
    {
        writer.WriteStartObject("meta");
        writer.WriteNumber(shape == EnvelopeShape.Count ? "count" : "results", meta.Total);
        writer.WriteNumber("offset", meta.Offset);
        writer.WriteStartArray("filters");
        foreach (var (name, value) in call.Request.Query.Where(filter => call.Behaviour.NameFilters && !General.Contains(filter.Key)))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("value", value.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static EnvelopeShape Shape(Call call, string key)
        => call.Behaviour.Envelopes.TryGetValue(key, out var shape) ? shape
            : key == "categories" && call.Parameter("version") == "2" ? EnvelopeShape.Count
            : EnvelopeShape.Results;

    private sealed record Meta(int Total, int Offset, bool Single);
}
