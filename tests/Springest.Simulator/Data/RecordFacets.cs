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
        var subjects = List(record, "subjects", "name", "category_id");
        return new RecordFacets
        {
            Name = WebUtility.HtmlDecode(Text(record, "name") ?? ""),
            ExternalId = Text(record, "external_id"),
            CategoryId = Number(record, "category_id"),
            TrainingId = Number(record, "training_id"),
            Related = string.Join('\n', [.. subjects.Select(subject => subject.Name), InstituteName(record)]),
            Subjects = subjects,
            Methods = List(record, "methods", "name"),
            Levels = List(record, "levels", "name"),
            Regions = List(record, "regions", "short", "country"),
        };
    }

    private static string InstituteName(JsonElement record)
        => record.TryGetProperty("institute", out var institute) && institute.ValueKind == JsonValueKind.Object ? Text(institute, "name") ?? "" : "";

    private static IReadOnlyList<Facet> List(JsonElement record, string list, string name, string? other = null)
        => record.TryGetProperty(list, out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray().Select(item => new Facet(
                Number(item, "id") ?? 0, Text(item, name) ?? "", other is null ? null : Text(item, other) ?? Number(item, other)?.ToString()))]
            : [];

    private static string? Text(JsonElement record, string field)
        => record.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement record, string field)
        => record.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
