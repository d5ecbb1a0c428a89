using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Catalogue;

/// <summary>
/// One site's records of one resource. A row is replaced only by what was fetched later, and only if it is still the row that
/// was read (ETag); after the row comes its change. Every step may be repeated.
/// </summary>
internal sealed partial class RecordTable(
    TableClient table, BlobContainerClient blobs, ChangeLog changes, string site, ResourceDescription description, TimeProvider clock, ILogger logger)
{
    /// <summary>Rows written singly at the same time.</summary>
    private const int Parallelism = 8;

    public Task<NullableResponse<TableEntity>> FindAsync(long id, CancellationToken cancellationToken)
        => table.GetEntityIfExistsAsync<TableEntity>(site, RecordRow.KeyOf(id), cancellationToken: cancellationToken);

    /// <summary>All rows of the site in short.</summary>
    public async Task<KnownRecords> LoadKnownAsync(CancellationToken cancellationToken)
    {
        var known = new KnownRecords();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {site}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: RecordRow.Summary, cancellationToken: cancellationToken))
            known.Add(row);
        return known;
    }

    /// <summary>The rows of some ids in short, those that there are.</summary>
    public async Task<KnownRecords> FindKnownAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        var known = new KnownRecords();
        var rows = await Task.WhenAll(ids.Select(id => table.GetEntityIfExistsAsync<TableEntity>(site, RecordRow.KeyOf(id), RecordRow.Summary, cancellationToken)));
        foreach (var row in rows.Where(row => row.HasValue))
            known.Add(row.Value!);
        return known;
    }

    /// <summary>Adds records that are not known, in few transactions; one that turns up meanwhile is applied singly.</summary>
    /// <returns>How many of each outcome.</returns>
    public async Task<ApplyCounts> CreateAsync(IEnumerable<CatalogueRecord> records, ChangeSource source, CancellationToken cancellationToken)
    {
        var counts = new ApplyCounts();
        var now = clock.GetUtcNow();
        var byKey = records.ToDictionary(record => RecordRow.KeyOf(record.Id));
        foreach (var batch in TableBatches.Of(byKey.Values.Select(record => NewRow(record, source, now))))
        {
            var batched = batch.Select(row => byKey[row.RowKey]).ToList();
            await Task.WhenAll(batched.Zip(batch, (record, row) => SaveBlobAsync(record, row, cancellationToken)));
            try
            {
                await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            }
            catch (RequestFailedException failure) when (failure.Status is 409 or 400 or 413)
            {
                counts += await ApplyAsync(batched, source, cancellationToken);
                continue;
            }

            await changes.AddAsync(batch, cancellationToken);
            counts += new ApplyCounts(Created: batch.Count);
        }

        return counts;
    }

    /// <summary>Applies records singly, several at a time.</summary>
    public async Task<ApplyCounts> ApplyAsync(IReadOnlyCollection<CatalogueRecord> records, ChangeSource source, CancellationToken cancellationToken)
    {
        var counts = new ApplyCounts();
        foreach (var chunk in records.Chunk(Parallelism))
        {
            foreach (var outcome in await Task.WhenAll(chunk.Select(record => ApplyIfPossibleAsync(record, source, cancellationToken))))
                counts += outcome;
        }

        return counts;
    }

    /// <summary>Creates, replaces or leaves the row of a record, whichever is right.</summary>
    public async Task<RefreshOutcome> ApplyAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryApplyAsync(record, source, cancellationToken) is { } outcome)
                return outcome;
        }
    }

    /// <summary>Marks a record deleted, unless it was fetched later than its absence was seen. The content stays.</summary>
    /// <param name="seen">When the request was sent that showed the record to be gone.</param>
    public async Task<RefreshOutcome> DeleteAsync(long id, DateTimeOffset seen, ChangeSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryDeleteAsync(id, seen, source, cancellationToken) is { } outcome)
                return outcome;
        }
    }

    /// <summary>Makes sure that the last changes of some rows are written.</summary>
    public async Task LogAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            if (await FindAsync(id, cancellationToken) is { HasValue: true, Value: { } row })
                await changes.WriteAsync(row, cancellationToken);
        }
    }

    /// <summary>Notes on live rows without a mark that a whole pass did not show them.</summary>
    /// <returns>The ids that an earlier pass had marked before.</returns>
    public async Task<IReadOnlyList<long>> MarkMissingAsync(IReadOnlyCollection<long> ids, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        var marked = new List<long>();
        foreach (var chunk in ids.Chunk(Parallelism))
        {
            var before = await Task.WhenAll(chunk.Select(id => MarkMissingAsync(id, passStarted, cancellationToken)));
            marked.AddRange(chunk.Where((_, index) => before[index]));
        }

        return marked;
    }

    /// <summary>Forgets that records were missed.</summary>
    public async Task ClearMarksAsync(CancellationToken cancellationToken)
    {
        var marked = TableClient.CreateQueryFilter($"PartitionKey eq {site} and MissingSince ge {DateTimeOffset.UnixEpoch}");
        await foreach (var row in table.QueryAsync<TableEntity>(marked, cancellationToken: cancellationToken).Where(row => !RecordRow.IsDeleted(row)))
        {
            // Refused if somebody has written the row meanwhile: then the mark is gone.
            await TryRenewAsync(row, RecordRow.Time(row, RecordRow.FetchedAt), cancellationToken);
        }
    }

    /// <summary>Live trainings of an institute whose rows are older than a point in time.</summary>
    public IAsyncEnumerable<long> OfInstituteAsync(long instituteId, DateTimeOffset fetchedBefore, CancellationToken cancellationToken)
        => table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {site} and InstituteId eq {instituteId} and FetchedAt lt {fetchedBefore}"),
                select: RecordRow.Summary,
                cancellationToken: cancellationToken)
            .Where(row => !RecordRow.IsDeleted(row))
            .Select(RecordRow.IdOf);

    /// <summary>The record as received.</summary>
    public async Task<BinaryData> ReadJsonAsync(TableEntity row, CancellationToken cancellationToken)
        => RecordRow.Json(row) is { } json
            ? BinaryData.FromString(json)
            : (await blobs.GetBlobClient(row.GetString(RecordRow.JsonBlob)).DownloadContentAsync(cancellationToken)).Value.Content;

    /// <summary>One record that storage refuses must not stop the others.</summary>
    private async Task<ApplyCounts> ApplyIfPossibleAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        try
        {
            return ApplyCounts.Of(await ApplyAsync(record, source, cancellationToken));
        }
        catch (RequestFailedException failure) when (failure.Status is 400 or 413)
        {
            Log.Refused(logger, failure, site, description.Resource, record.Id);
            return new ApplyCounts(Refused: 1);
        }
    }

    private async Task<bool> MarkMissingAsync(long id, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(site, RecordRow.KeyOf(id), RecordRow.Summary, cancellationToken);
        if (found is not { HasValue: true, Value: { } row } || RecordRow.IsDeleted(row) || RecordRow.Time(row, RecordRow.FetchedAt) >= passStarted)
            return false;
        if (row.GetDateTimeOffset(RecordRow.MissingSince) is { } since)
            return since < passStarted;
        var mark = new TableEntity(site, row.RowKey) { [RecordRow.MissingSince] = passStarted };
        // Refused if somebody has written the row meanwhile: then it is not missing.
        await SucceedsAsync(table.UpdateEntityAsync(mark, row.ETag, TableUpdateMode.Merge, cancellationToken));
        return false;
    }

    private async Task<RefreshOutcome?> TryApplyAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        if (await FindAsync(record.Id, cancellationToken) is not { HasValue: true, Value: { } row })
            return await TryAddAsync(record, source, cancellationToken) ? RefreshOutcome.Created : null;
        if (RecordRow.Time(row, RecordRow.FetchedAt) > record.Raw.Received)
            return RefreshOutcome.Unchanged;
        await changes.WriteAsync(row, cancellationToken);
        if (row.GetString(RecordRow.Hash) == record.Hash && !RecordRow.IsDeleted(row))
            return await TryRenewAsync(row, record.Raw.Received, cancellationToken) ? RefreshOutcome.Unchanged : null;

        var next = await SucceedAsync(row, record, source, cancellationToken);
        await SaveBlobAsync(record, next, cancellationToken);
        if (!await SucceedsAsync(table.UpdateEntityAsync(next, row.ETag, TableUpdateMode.Replace, cancellationToken)))
            return null;
        await changes.WriteAsync(next, cancellationToken);
        if (row.GetString(RecordRow.JsonBlob) is { } blob && blob != next.GetString(RecordRow.JsonBlob))
            await blobs.DeleteBlobIfExistsAsync(blob, cancellationToken: cancellationToken);
        return RecordRow.IsDeleted(row) ? RefreshOutcome.Created : RefreshOutcome.Updated;
    }

    private async Task<RefreshOutcome?> TryDeleteAsync(long id, DateTimeOffset seen, ChangeSource source, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { HasValue: true, Value: { } row })
            return await TryNoteAbsentAsync(id, seen, cancellationToken) ? RefreshOutcome.Absent : null;
        if (RecordRow.Time(row, RecordRow.FetchedAt) > seen)
            return RefreshOutcome.Unchanged;
        await changes.WriteAsync(row, cancellationToken);
        if (RecordRow.IsDeleted(row))
            return RefreshOutcome.Absent;

        var etag = row.ETag;
        Stamp(row, ChangeKind.Deleted, source, NextChange(row), row.GetString(RecordRow.Hash));
        row.Remove(RecordRow.ChangedFields);
        row[RecordRow.DeletedAt] = row[RecordRow.LastChanged];
        row[RecordRow.FetchedAt] = seen;
        if (!await SucceedsAsync(table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken)))
            return null;
        await changes.WriteAsync(row, cancellationToken);
        return RefreshOutcome.Deleted;
    }

    /// <summary>A tombstone for what was never here, so that a page that was read before does not bring it in.</summary>
    private Task<bool> TryNoteAbsentAsync(long id, DateTimeOffset seen, CancellationToken cancellationToken)
        => SucceedsAsync(table.AddEntityAsync(
            new TableEntity(site, RecordRow.KeyOf(id)) { [RecordRow.FetchedAt] = seen, [RecordRow.DeletedAt] = clock.GetUtcNow() }, cancellationToken));

    private async Task<bool> TryAddAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        var row = NewRow(record, source, clock.GetUtcNow());
        await SaveBlobAsync(record, row, cancellationToken);
        if (!await SucceedsAsync(table.AddEntityAsync(row, cancellationToken)))
            return false;
        await changes.WriteAsync(row, cancellationToken);
        return true;
    }

    /// <summary>The same content, fetched later: whatever was fetched before that must not replace it, and it is not missing.</summary>
    private Task<bool> TryRenewAsync(TableEntity row, DateTimeOffset fetched, CancellationToken cancellationToken)
    {
        var etag = row.ETag;
        row[RecordRow.FetchedAt] = fetched;
        row.Remove(RecordRow.MissingSince);
        return SucceedsAsync(table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken));
    }

    private TableEntity NewRow(CatalogueRecord record, ChangeSource source, DateTimeOffset now)
    {
        var row = RecordRow.Build(site, description, record);
        row[RecordRow.FirstSeen] = now;
        Stamp(row, ChangeKind.Created, source, now, before: null);
        return row;
    }

    private async Task<TableEntity> SucceedAsync(TableEntity row, CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        var next = RecordRow.Build(site, description, record);
        next[RecordRow.FirstSeen] = row.GetDateTimeOffset(RecordRow.FirstSeen) ?? clock.GetUtcNow();
        if (RecordRow.IsDeleted(row))
        {
            Stamp(next, ChangeKind.Created, source, NextChange(row), before: null);
            return next;
        }

        Stamp(next, ChangeKind.Updated, source, NextChange(row), row.GetString(RecordRow.Hash));
        next[RecordRow.ChangedFields] = FieldChanges.Between(await ReadJsonAsync(row, cancellationToken), record.Value);
        return next;
    }

    /// <summary>Now, but later than the row's last change, so that every change has a time of its own.</summary>
    private DateTimeOffset NextChange(TableEntity row)
    {
        var (now, last) = (clock.GetUtcNow(), RecordRow.Time(row, RecordRow.LastChanged));
        return now > last ? now : last.AddTicks(1);
    }

    private static void Stamp(TableEntity row, ChangeKind change, ChangeSource source, DateTimeOffset time, string? before)
    {
        row[RecordRow.LastChanged] = time;
        row[RecordRow.Change] = change.ToString();
        row[RecordRow.Source] = source.ToString();
        if (before is null)
            row.Remove(RecordRow.HashBefore);
        else
            row[RecordRow.HashBefore] = before;
    }

    /// <summary>Before the row that points to it.</summary>
    private Task SaveBlobAsync(CatalogueRecord record, TableEntity row, CancellationToken cancellationToken)
        => row.GetString(RecordRow.JsonBlob) is { } name
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

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: storage refuses record {Id}; it is left out")]
        public static partial void Refused(ILogger logger, Exception failure, string site, CatalogueResource resource, long id);
    }
}
