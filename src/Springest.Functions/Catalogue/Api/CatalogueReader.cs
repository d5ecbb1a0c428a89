using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Api;

/// <summary>Reads the mirror for others: records as the API gave them, with a <c>_mirror</c> object at their end.</summary>
public sealed class CatalogueReader(CatalogueStore store)
{
    /// <summary>Rows that one request looks at: a list of few hits then ends early, with a cursor to go on.</summary>
    private const int MaxScan = 5_000;

    internal async Task<(string Etag, string Json)?> FindAsync(
        string site,
        ResourceDescription description,
        long id,
        bool deleted,
        CancellationToken cancellationToken)
    {
        var records = store.Records(site, description);
        if (await records.FindAsync(id, cancellationToken) is not { HasValue: true, Value: { } row } || !IsReadable(row, deleted))
            return null;
        var (current, json) = await records.ReadJsonAsync(row, cancellationToken);
        // With the time, so that what _mirror says belongs to it: a record may go and come back as it was.
        var etag = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{current.GetString(RecordEntity.Hash)}-{RecordEntity.Time(current, RecordEntity.LastChanged).UtcTicks:x}\"");
        return (etag, ToJson(current, json));
    }

    internal async Task<string> ListAsync(
        string site,
        ResourceDescription description,
        CatalogueQuery query,
        CancellationToken cancellationToken)
    {
        var records = store.Records(site, description);
        var items = new List<string>();
        var (scanned, last, more) = (0, query.After, false);
        await foreach (var row in records.ReadAsync(query.After, query.Institute, cancellationToken))
        {
            if (more = items.Count == query.Top || scanned == MaxScan)
                break;
            (scanned, last) = (scanned + 1, row.RowKey);
            if (IsReadable(row, query.Deleted) && Fits(row, query))
            {
                var (current, json) = await records.ReadJsonAsync(row, cancellationToken);
                items.Add(ToJson(current, json));
            }
        }

        var cursor = more ? JsonSerializer.Serialize(CatalogueCursor.Write(ListName(site, description), last)) : "null";
        return $$"""{"items":[{{string.Join(',', items)}}],"cursor":{{cursor}}}""";
    }

    internal async Task<string> ListChangesAsync(
        string site,
        ResourceDescription description,
        CatalogueQuery query,
        CancellationToken cancellationToken)
    {
        var changes = await store
            .Changes(site, description)
            .ReadAsync(query.After, cancellationToken)
            .Take(query.Top)
            .ToListAsync(cancellationToken);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var change in changes)
                Write(writer, change);
            writer.WriteEndArray();
            writer.WriteString(
                "cursor",
                CatalogueCursor.Write(ChangesName(site, description), changes.Count > 0 ? changes[^1].RowKey : query.After));
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    internal async Task<string> ListFieldsAsync(string site, ResourceDescription description, CancellationToken cancellationToken)
    {
        var fields = await store.Fields(site, description).ReadAsync(cancellationToken)
            .Select(row => new
            {
                field = row.GetString("Field"),
                type = row.GetString("Type"),
                known = row.GetBoolean("Known"),
                firstSeen = row.GetDateTimeOffset("FirstSeen"),
                firstSeenOn = row.GetInt64("FirstSeenOn"),
            })
            .ToListAsync(cancellationToken);
        return JsonSerializer.Serialize(
            new
            {
                items = fields.OrderBy(field => field.field, StringComparer.Ordinal).ThenBy(field => field.firstSeen),
                cursor = (string?)null,
            });
    }

    internal static string ListName(string site, ResourceDescription description) => $"{site}/{description.Path}";

    internal static string ChangesName(string site, ResourceDescription description) => $"{site}/{description.Path}/changes";

    private static bool IsReadable(TableEntity row, bool deleted)
        => row.ContainsKey(RecordEntity.Hash) && (deleted || !RecordEntity.IsDeleted(row));

    private static bool Fits(TableEntity row, CatalogueQuery query)
        => (query.Subject is not { } subject || HasSubject(row, subject))
        && (query.Name is not { } name || HasWord(row.GetString("Name"), name));

    private static bool HasSubject(TableEntity row, long subject)
        => row.GetString("SubjectIds")?.Split("; ").Contains(subject.ToString(CultureInfo.InvariantCulture)) == true;

    /// <summary>Whether the name, or a word in it, begins so.</summary>
    private static bool HasWord(string? name, string text)
    {
        for (
            var at = name?.IndexOf(text, StringComparison.OrdinalIgnoreCase) ?? -1;
            at >= 0;
            at = name!.IndexOf(text, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at == 0 || !char.IsLetterOrDigit(name![at - 1]))
                return true;
        }

        return false;
    }

    /// <summary>The record's own text, and <c>_mirror</c> before its last brace.</summary>
    private static string ToJson(TableEntity row, BinaryData record)
    {
        var json = record.ToString().TrimEnd();
        var mirror = new Dictionary<string, object?>
        {
            ["lastChanged"] = RecordEntity.Time(row, RecordEntity.LastChanged), ["source"] = row.GetString(RecordEntity.Source),
        };
        if (row.GetDateTimeOffset(RecordEntity.DeletedAt) is { } deleted)
            mirror["deletedAt"] = deleted;
        var separator = json[1..^1].AsSpan().IsWhiteSpace() ? "" : ",";
        return $$"""{{json[..^1]}}{{separator}}"_mirror":{{JsonSerializer.Serialize(mirror)}}}""";
    }

    private static void Write(Utf8JsonWriter writer, TableEntity change)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", change.GetInt64("Id")!.Value);
        writer.WriteString("change", change.GetString("Change"));
        writer.WriteString("changedAt", RecordEntity.Time(change, "ChangedAt"));
        writer.WriteString("source", change.GetString("Source"));
        writer.WriteString("hashBefore", change.GetString("HashBefore"));
        writer.WriteString("hashAfter", change.GetString("HashAfter"));
        writer.WriteString("changedFields", change.GetString("ChangedFields"));
        writer.WriteEndObject();
    }
}
