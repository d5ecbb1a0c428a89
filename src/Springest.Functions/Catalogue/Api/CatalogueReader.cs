using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Http;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Api;

/// <summary>
/// Reads the mirror for others: records as the API gave them, with a <c>_mirror</c> object at their end. A page ends where it gets too
/// long, or where finding more would take long, with a cursor to go on.
/// </summary>
public sealed class CatalogueReader(CatalogueStore store)
{
    /// <summary>Bytes of a page after which no record is begun.</summary>
    private const int MaxLength = 4_000_000;

    /// <summary>Answers of storage that are looked through for a page.</summary>
    private const int MaxAnswers = 30;

    /// <summary>Records read singly at the same time.</summary>
    private const int Parallelism = 8;

    internal async Task<(string Etag, byte[] Json)?> FindAsync(
        MirrorScope scope, long id, bool deleted, CancellationToken cancellationToken)
    {
        var records = store.Reader(scope);
        if (await records.FindAsync(id, cancellationToken) is not { } row || !IsReadable(row, deleted))
            return null;
        var (current, json) = await records.ReadJsonAsync(row, cancellationToken);
        if (json is null)
            return null;
        // With the time, so that what _mirror says belongs to it: a record may go and come back as it was.
        var etag = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{current.GetString(RecordEntity.Hash)}-{RecordEntity.Time(current, RecordEntity.LastChanged).UtcTicks:x}\"");
        return (etag, ToJson(current, json));
    }

    /// <summary>
    /// A page of records, of which the first rows are read before it is sent: when they cannot be read, the function fails, not the
    /// sending of its answer, which nobody counts.
    /// </summary>
    internal async Task<JsonStream> ListAsync(MirrorScope scope, CatalogueQuery query, CancellationToken cancellationToken)
    {
        var records = store.Reader(scope);
        if (query.IsFiltered)
        {
            var scanned = await records.ScanAsync(query.After, query.Institute, query.Columns).BeginAsync(cancellationToken);
            return PageOf(async (writer, token) => After(await WriteFoundAsync(writer, records, scanned, query, token)));
        }

        var read = await records.ReadPagesAsync(query.After, query.Top + 1, cancellationToken).BeginAsync(cancellationToken);
        return PageOf(async (writer, token) => After(await WriteAllAsync(writer, records, read, query, token)));

        string? After(string? last) => last is null ? null : CatalogueCursor.Write(scope.Path, last);
    }

    internal async Task<JsonStream> ListPassesAsync(MirrorScope scope, CatalogueQuery query, CancellationToken cancellationToken)
    {
        var log = store.Passes(scope);
        var passes = await log.ReadAsync(query.After, query.Top, cancellationToken).Take(query.Top).ToListAsync(cancellationToken);
        return PageOf(
            passes.Select(PassEntry.Of), CatalogueJson.Default.PassEntry,
            passes.Count < query.Top ? null : CatalogueCursor.Write(log.Name, passes[^1].RowKey));
    }

    /// <summary>Changes after a key, and the key to go on after; null if some that came after the first may have been removed.</summary>
    internal async Task<(IReadOnlyList<TableEntity> Changes, string Next)?> FindChangesAsync(
        MirrorScope scope, CatalogueQuery query, CancellationToken cancellationToken)
    {
        var feed = store.Changes(scope);
        // Read before the changes, since none appears before this time any more. A reader who has all of them goes on from here: a cursor
        // at the last change would one day lie before the beginning, although the reader has missed nothing.
        var horizon = ChangeFeed.KeyOf(feed.Horizon);
        var changes = await feed.ReadAsync(query.After, cancellationToken, query.Top).Take(query.Top).ToListAsync(cancellationToken);
        // Asked last: what was removed while they were read was before the beginning by then.
        if (query.After.Length > 0 && await feed.IsBeforeBeginningAsync(query.After, cancellationToken))
            return null;
        var last = changes.Count > 0 ? changes[^1].RowKey : query.After;
        return (changes, changes.Count < query.Top && string.CompareOrdinal(horizon, last) > 0 ? horizon : last);
    }

    internal static JsonStream ListChanges(IEnumerable<TableEntity> changes, string list, string next)
        => PageOf(changes.Select(ChangeEntry.Of), CatalogueJson.Default.ChangeEntry, CatalogueCursor.Write(list, next));

    internal async Task<JsonStream> ListFieldsAsync(MirrorScope scope, CancellationToken cancellationToken)
    {
        var fields = await store.Fields(scope).ReadAsync(cancellationToken).ToListAsync(cancellationToken);
        return PageOf(
            fields.Select(FieldEntry.Of).OrderBy(field => field.Field, StringComparer.Ordinal).ThenBy(field => field.FirstSeen),
            CatalogueJson.Default.FieldEntry, cursor: null);
    }

    /// <returns>The last row that was looked at, if there are more.</returns>
    private static async Task<string?> WriteAllAsync(
        Utf8JsonWriter writer, RecordReader records, IAsyncEnumerable<(IReadOnlyList<TableEntity> Rows, bool More)> pages,
        CatalogueQuery query, CancellationToken cancellationToken)
    {
        var (answers, count, last) = (0, 0, query.After);
        await foreach (var (rows, more) in pages)
        {
            foreach (var row in rows.Where(RecordEntity.IsRecord))
            {
                if (count == query.Top || LengthOf(writer) >= MaxLength)
                    return last;
                last = row.RowKey;
                count += IsReadable(row, query.Deleted) && await WriteAsync(writer, records, row, cancellationToken) ? 1 : 0;
            }

            if (++answers == MaxAnswers && more)
                return last;
        }

        return null;
    }

    /// <summary>Looks through the columns that are filtered by, then reads what was found.</summary>
    /// <returns>The last row that was looked at, if there are more.</returns>
    private static async Task<string?> WriteFoundAsync(
        Utf8JsonWriter writer, RecordReader records, IAsyncEnumerable<Azure.Page<TableEntity>> pages,
        CatalogueQuery query, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var (answers, last, more) = (0, query.After, false);
        await foreach (var page in pages)
        {
            foreach (var row in page.Values.Where(RecordEntity.IsRecord))
            {
                if (more = found.Count == query.Top)
                    break;
                last = row.RowKey;
                if (IsReadable(row, query.Deleted) && Fits(row, query))
                    found.Add(row.RowKey);
            }

            if (more |= ++answers == MaxAnswers && page.ContinuationToken is not null)
                break;
        }

        var written = query.After;
        foreach (var chunk in found.Chunk(Parallelism))
        {
            var rows = await Task.WhenAll(
                chunk.Select(key => records.FindAsync(long.Parse(key, CultureInfo.InvariantCulture), cancellationToken)));
            foreach (var (key, row) in chunk.Zip(rows))
            {
                if (LengthOf(writer) >= MaxLength)
                    return written;
                written = key;
                if (row is not null && IsReadable(row, query.Deleted) && Fits(row, query))
                    await WriteAsync(writer, records, row, cancellationToken);
            }
        }

        return more ? last : null;
    }

    /// <returns>False if the record is lost.</returns>
    private static async Task<bool> WriteAsync(
        Utf8JsonWriter writer, RecordReader records, TableEntity row, CancellationToken cancellationToken)
    {
        var (current, json) = await records.ReadJsonAsync(row, cancellationToken);
        if (json is null)
            return false;
        writer.WriteRawValue(ToJson(current, json), skipInputValidation: true);
        await JsonStream.SendAsync(writer, cancellationToken);
        return true;
    }

    private static long LengthOf(Utf8JsonWriter writer) => writer.BytesCommitted + writer.BytesPending;

    private static bool IsReadable(TableEntity row, bool deleted)
        => row.ContainsKey(RecordEntity.Hash) && (deleted || !RecordEntity.IsDeleted(row));

    private static bool Fits(TableEntity row, CatalogueQuery query)
        => (query.Institute is not { } institute || row.GetInt64("InstituteId") == institute)
        && (query.Subject is not { } subject || HasSubject(row, subject))
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
    private static byte[] ToJson(TableEntity row, BinaryData record)
    {
        var json = record.ToMemory().Span.TrimEnd(" \t\r\n"u8)[..^1];
        var mirror = new Dictionary<string, object?>
        {
            ["lastChanged"] = RecordEntity.Time(row, RecordEntity.LastChanged), ["source"] = row.GetString(RecordEntity.Source),
        };
        if (row.GetDateTimeOffset(RecordEntity.DeletedAt) is { } deleted)
            mirror["deletedAt"] = deleted;
        var separator = json[1..].Trim(" \t\r\n"u8).IsEmpty ? "" : ",";
        return [.. json, .. Encoding.UTF8.GetBytes($"{separator}\"_mirror\":{JsonSerializer.Serialize(mirror)}}}")];
    }

    private static JsonStream PageOf<T>(IEnumerable<T> entries, JsonTypeInfo<T> type, string? cursor)
        => PageOf((writer, _) =>
        {
            // The serializer itself would send what is written, and wait for it.
            foreach (var entry in entries)
                writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(entry, type), skipInputValidation: true);
            return Task.FromResult(cursor);
        });

    /// <param name="write">Writes the items, and says where to go on.</param>
    private static JsonStream PageOf(Func<Utf8JsonWriter, CancellationToken, Task<string?>> write)
        => new(async (writer, token) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            var cursor = await write(writer, token);
            writer.WriteEndArray();
            writer.WriteString("cursor", cursor);
            writer.WriteEndObject();
        });
}
