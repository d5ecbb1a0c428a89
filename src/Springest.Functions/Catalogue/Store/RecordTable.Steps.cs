using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Store;

/// <summary>
/// One try each: read, decide, write on the version read. Null or false says that the row was another's meanwhile, so try again.
/// </summary>
internal sealed partial class RecordTable
{
    private async Task<ApplyOutcome?> TryApplyAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        if (await FindAsync(record.Id, cancellationToken) is not { HasValue: true, Value: { } row })
            return await TryAddAsync(record, source, cancellationToken) ? ApplyOutcome.Created : null;
        if (RecordEntity.Time(row, RecordEntity.FetchedAt) > record.Raw.Received)
            return ApplyOutcome.Unchanged;
        if (!await TryLogAsync(row, cancellationToken))
            return null;
        if (row.GetString(RecordEntity.Hash) == record.Hash && !RecordEntity.IsDeleted(row))
            return await TryRenewAsync(row, record.Raw.Received, record.IsListed, cancellationToken) ? ApplyOutcome.Unchanged : null;

        var next = await SucceedAsync(row, record, source, cancellationToken);
        await SaveBlobAsync(record, next, cancellationToken);
        if (!await SucceedsAsync(table.UpdateEntityAsync(next, row.ETag, TableUpdateMode.Replace, cancellationToken)))
            return null;
        await LogAsync(next, cancellationToken);
        if (row.GetString(RecordEntity.JsonBlob) is { } blob && blob != next.GetString(RecordEntity.JsonBlob))
            await blobs.DeleteBlobIfExistsAsync(blob, cancellationToken: cancellationToken);
        return RecordEntity.IsDeleted(row) ? ApplyOutcome.Created : ApplyOutcome.Updated;
    }

    private async Task<ApplyOutcome?> TryDeleteAsync(
        long id,
        DateTimeOffset seen,
        ChangeSource source,
        Func<Task> prove,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { HasValue: true, Value: { } row })
            return await TryNoteAbsentAsync(id, seen, cancellationToken) ? ApplyOutcome.Absent : null;
        if (RecordEntity.Time(row, RecordEntity.FetchedAt) > seen)
            return ApplyOutcome.Unchanged;
        if (!await TryLogAsync(row, cancellationToken))
            return null;
        if (RecordEntity.IsDeleted(row))
            return ApplyOutcome.Absent;

        await prove();
        var etag = row.ETag;
        Stamp(row, ChangeKind.Deleted, source, NextChange(row), row.GetString(RecordEntity.Hash));
        row.Remove(RecordEntity.ChangedFields);
        row.Remove(RecordEntity.UnlistedAt);
        row[RecordEntity.DeletedAt] = row[RecordEntity.LastChanged];
        row[RecordEntity.FetchedAt] = seen;
        var blob = description.PersonalFields.Count > 0 ? await RedactAsync(row, cancellationToken) : null;
        if (!await SucceedsAsync(table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken)))
            return null;
        await LogAsync(row, cancellationToken);
        if (blob is not null)
            await blobs.DeleteBlobIfExistsAsync(blob, cancellationToken: cancellationToken);
        return ApplyOutcome.Deleted;
    }

    /// <summary>A tombstone for what was never here, so that a page that was read before does not bring it in.</summary>
    private Task<bool> TryNoteAbsentAsync(long id, DateTimeOffset seen, CancellationToken cancellationToken)
        => SucceedsAsync(
            table.AddEntityAsync(
                new TableEntity(site, RecordEntity.KeyOf(id))
                {
                    [RecordEntity.FetchedAt] = seen,
                    [RecordEntity.DeletedAt] = clock.GetUtcNow(),
                },
                cancellationToken));

    private async Task<bool> TryAddAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        var row = NewRow(record, source, clock.GetUtcNow());
        await SaveBlobAsync(record, row, cancellationToken);
        if (!await SucceedsAsync(table.AddEntityAsync(row, cancellationToken)))
            return false;
        await LogAsync(row, cancellationToken);
        return true;
    }

    /// <summary>The same content, fetched later: whatever was fetched before that must not replace it, and it is not missing.</summary>
    private Task<bool> TryRenewAsync(TableEntity row, DateTimeOffset fetched, bool? isListed, CancellationToken cancellationToken)
    {
        var etag = row.ETag;
        row[RecordEntity.FetchedAt] = fetched;
        if (IsUnlisted(row, isListed))
            row[RecordEntity.UnlistedAt] = fetched;
        else
            row.Remove(RecordEntity.UnlistedAt);
        row.Remove(RecordEntity.MissingSince);
        return SucceedsAsync(table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken));
    }

    /// <summary>Whether a record that was found is one that the lists omit.</summary>
    private static bool IsUnlisted(TableEntity row, bool? isListed)
        => isListed is not true && (isListed is false || MissingMark.Of(row) != default);

    private TableEntity NewRow(CatalogueRecord record, ChangeSource source, DateTimeOffset now)
    {
        var row = RecordEntity.Build(site, description, record);
        row[RecordEntity.FirstSeen] = now;
        Stamp(row, ChangeKind.Created, source, now, before: null);
        return row;
    }

    private async Task<TableEntity> SucceedAsync(
        TableEntity row,
        CatalogueRecord record,
        ChangeSource source,
        CancellationToken cancellationToken)
    {
        var next = RecordEntity.Build(site, description, record);
        next[RecordEntity.FirstSeen] = row.GetDateTimeOffset(RecordEntity.FirstSeen) ?? clock.GetUtcNow();
        var value = record.Value;
        if (row.GetDateTimeOffset(RecordEntity.ErasedAt) is { } erased)
        {
            next[RecordEntity.ErasedAt] = erased;
            RecordEntity.Redact(next, description, Encoding.UTF8.GetString(record.Raw.Json.Span));
            value = JsonElement.Parse(RecordEntity.Json(next)!);
        }

        if (RecordEntity.IsDeleted(row))
        {
            Stamp(next, ChangeKind.Created, source, NextChange(row), before: null);
            return next;
        }

        if (IsUnlisted(row, record.IsListed))
            next[RecordEntity.UnlistedAt] = record.Raw.Received;
        Stamp(next, ChangeKind.Updated, source, NextChange(row), row.GetString(RecordEntity.Hash));
        if (await FindJsonAsync(row, cancellationToken) is { } before)
            next[RecordEntity.ChangedFields] = FieldChanges.Between(before, value);
        return next;
    }

    /// <summary>Now, but later than the row's last change, so that every change has a time of its own.</summary>
    private DateTimeOffset NextChange(TableEntity row)
    {
        var (now, last) = (clock.GetUtcNow(), RecordEntity.Time(row, RecordEntity.LastChanged));
        return now > last ? now : last.AddTicks(1);
    }

    private static void Stamp(TableEntity row, ChangeKind change, ChangeSource source, DateTimeOffset time, string? before)
    {
        row[RecordEntity.LastChanged] = time;
        row[RecordEntity.Change] = change.ToString();
        row[RecordEntity.Source] = source.ToString();
        if (before is null)
            row.Remove(RecordEntity.HashBefore);
        else
            row[RecordEntity.HashBefore] = before;
    }

    /// <summary>Before the row that points to it.</summary>
    private Task SaveBlobAsync(CatalogueRecord record, TableEntity row, CancellationToken cancellationToken)
        => row.GetString(RecordEntity.JsonBlob) is { } name
            ? blobs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(record.Raw.Json), overwrite: true, cancellationToken)
            : Task.CompletedTask;

    /// <summary>False if the row was not, or no longer, the one that the write was meant for.</summary>
    private static async Task<bool> SucceedsAsync(Task<Response> write)
    {
        try
        {
            await write;
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412)
        {
            return false;
        }
    }
}
