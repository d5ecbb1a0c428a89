using System.Net;
using System.Text.Json;

namespace Springest.Simulator.Data;

/// <summary>What a record is searched and filtered by, beside its head.</summary>
internal sealed record RecordFacets
{
    public string Name { get; private init; } = "";

    public string? ExternalId { get; private init; }

    public long? CategoryId { get; private init; }

    public long? TrainingId { get; private init; }

    /// <summary>Names of institute and subjects, for the search.</summary>
    public string Related { get; private init; } = "";

    public IReadOnlyList<Facet> Subjects { get; private init; } = [];

    public IReadOnlyList<Facet> Methods { get; private init; } = [];

    public IReadOnlyList<Facet> Levels { get; private init; } = [];

    public IReadOnlyList<Facet> Regions { get; private init; } = [];

    public static RecordFacets Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var record = document.RootElement;
        var instituteName = Value(record, "institute", JsonValueKind.Object) is { } institute ? Text(institute, "name") : null;
        var subjects = List(record, "subjects");
        return new RecordFacets
        {
            Name = WebUtility.HtmlDecode(Text(record, "name") ?? ""),
            ExternalId = Text(record, "external_id"),
            CategoryId = Number(record, "category_id"),
            TrainingId = Number(record, "training_id"),
            Related = string.Join('\n', [.. subjects.Select(subject => subject.Name), instituteName]),
            Subjects = subjects,
            Methods = List(record, "methods"),
            Levels = List(record, "levels"),
            Regions = List(record, "regions", "short"),
        };
    }

    private static IReadOnlyList<Facet> List(JsonElement record, string list, string name = "name")
    {
        if (!record.TryGetProperty(list, out var items) || items.ValueKind != JsonValueKind.Array)
            return [];
        return [.. items.EnumerateArray().Select(item => new Facet(Number(item, "id") ?? 0, Text(item, name) ?? "")
        {
            CategoryId = Number(item, "category_id"),
            Country = Text(item, "country"),
        })];
    }

    private static JsonElement? Value(JsonElement record, string field, JsonValueKind kind)
        => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(field, out var value) && value.ValueKind == kind
            ? value
            : null;

    private static string? Text(JsonElement record, string field) => Value(record, field, JsonValueKind.String)?.GetString();

    private static long? Number(JsonElement record, string field)
        => Value(record, field, JsonValueKind.Number) is { } value && value.TryGetInt64(out var number) ? number : null;
}
