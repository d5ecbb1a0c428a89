using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Store;

/// <summary>
/// Writes the rows of one scope. A row is replaced only by what was fetched later, and only if it is still the row that was read (ETag);
/// after the row comes its change. Every step may be repeated.
/// </summary>
internal sealed partial class RecordWriter(
    RecordReader records, ChangeWriter changes, TableClient table, BlobContainerClient blobs, MirrorScope scope, TimeProvider clock,
    ILogger logger)
{
    /// <summary>Rows written singly at the same time.</summary>
    private const int Parallelism = 8;

    /// <summary>Adds records that are not known, in few transactions; one that turns up meanwhile is applied singly.</summary>
    /// <returns>How many of each outcome.</returns>
    public async Task<RecordCounts> CreateAsync(
        IEnumerable<CatalogueRecord> created, ChangeSource source, CancellationToken cancellationToken)
    {
        var counts = new RecordCounts();
        var byKey = created.ToDictionary(record => RecordEntity.KeyOf(record.Id));
        foreach (var batch in TableBatches.Of(byKey.Values.Select(record => RecordEntity.Build(scope, record))))
        {
            var (batched, now) = (batch.ConvertAll(row => byKey[row.RowKey]), clock.GetUtcNow());
            batch.ForEach(row => RecordEntity.StampNew(row, source, now));
            await Task.WhenAll(batched.Zip(batch, (record, row) => SaveBlobAsync(record, row, cancellationToken)));
            try
            {
                await table.SubmitTransactionAsync(
                    batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            }
            catch (RequestFailedException failure) when (failure.Status is 409 or 400 or 413)
            {
                counts += await ApplyAsync(batched, source, cancellationToken);
                continue;
            }

            await changes.WriteNewAsync(batch, cancellationToken);
            counts += new RecordCounts(Created: batch.Count);
        }

        return counts;
    }

    /// <summary>Creates, replaces or leaves the row of a record, whichever is right.</summary>
    public async Task<ApplyOutcome> ApplyAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryApplyAsync(record, source, cancellationToken) is { } outcome)
                return outcome;
        }
    }

    /// <summary>Applies records singly, several at a time.</summary>
    public async Task<RecordCounts> ApplyAsync(
        IReadOnlyCollection<CatalogueRecord> applied, ChangeSource source, CancellationToken cancellationToken)
    {
        var counts = new RecordCounts();
        foreach (var chunk in applied.Chunk(Parallelism))
        {
            foreach (var outcome in await Task.WhenAll(chunk.Select(record => ApplyIfPossibleAsync(record, source, cancellationToken))))
                counts += outcome;
        }

        return counts;
    }

    /// <summary>Marks a record deleted, unless it was fetched later than its absence was seen. The content stays.</summary>
    /// <param name="id">Of the record.</param>
    /// <param name="seen">When the request was sent that showed the record to be gone.</param>
    /// <param name="source">By what that came.</param>
    /// <param name="prove">Called if there is something to delete; throws if its absence is not proven.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ApplyOutcome> DeleteAsync(
        long id, DateTimeOffset seen, ChangeSource source, Func<Task> prove, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryDeleteAsync(id, seen, source, prove, cancellationToken) is { } outcome)
                return outcome;
        }
    }

    /// <summary>
    /// Removes for good what a record says about people: what Springest says later is stored without it, too. Those who follow the changes
    /// learn of it.
    /// </summary>
    /// <returns>False if there is nothing to remove.</returns>
    public async Task<bool> EraseAsync(long id, CancellationToken cancellationToken)
    {
        var hasTried = false;
        while (await records.FindAsync(id, cancellationToken) is { } row)
        {
            if (!await changes.TryCompleteAsync(row, cancellationToken))
                continue;
            // By this call, whose answer got lost; or before.
            if (row.ContainsKey(RecordEntity.ErasedAt))
                return hasTried;
            hasTried = true;
            var blob = row.GetString(RecordEntity.JsonBlob);
            row[RecordEntity.ErasedAt] = clock.GetUtcNow();
            if (!RecordEntity.IsDeleted(row))
            {
                RecordEntity.Stamp(row, ChangeKind.Updated, ChangeSource.Erasure, clock.GetUtcNow(), before: row);
                row[RecordEntity.ChangedFields] = string.Join(',', scope.Resource.PersonalFields);
            }

            await RedactAsync(row, cancellationToken);
            if (await TryChangeAsync(row, blob, cancellationToken))
                return true;
        }

        return false;
    }

    /// <summary>One record that storage refuses must not stop the others.</summary>
    private async Task<RecordCounts> ApplyIfPossibleAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        try
        {
            return RecordCounts.Of(await ApplyAsync(record, source, cancellationToken));
        }
        catch (RequestFailedException failure) when (failure.Status is 400 or 413)
        {
            Log.Refused(logger, failure, scope.Site, scope.Resource.Name, record.Id);
            return new RecordCounts(Refused: 1);
        }
    }

    /// <summary>One try: read, decide, write on the version read. Null says that the row was another's meanwhile, so try again.</summary>
    private async Task<ApplyOutcome?> TryApplyAsync(CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(record.Id, cancellationToken) is not { } row)
        {
            var created = RecordEntity.Build(scope, record);
            RecordEntity.StampNew(created, source, clock.GetUtcNow());
            await SaveBlobAsync(record, created, cancellationToken);
            return await TryChangeAsync(created, replaced: null, cancellationToken) ? ApplyOutcome.Created : null;
        }

        if (RecordEntity.Time(row, RecordEntity.FetchedAt) > record.Raw.RequestedAt)
            return ApplyOutcome.Unchanged;
        if (!await changes.TryCompleteAsync(row, cancellationToken))
            return null;
        if (row.GetString(RecordEntity.Hash) == record.Hash && !RecordEntity.IsDeleted(row))
        {
            RecordEntity.Renew(row, record);
            return await table.TryWriteAsync(row, cancellationToken) ? ApplyOutcome.Unchanged : null;
        }

        var next = await SucceedAsync(row, record, source, cancellationToken);
        await SaveBlobAsync(record, next, cancellationToken);
        var outcome = RecordEntity.IsDeleted(row) ? ApplyOutcome.Created : ApplyOutcome.Updated;
        return await TryChangeAsync(next, row.GetString(RecordEntity.JsonBlob), cancellationToken) ? outcome : null;
    }

    /// <summary>As <see cref="TryApplyAsync"/>.</summary>
    private async Task<ApplyOutcome?> TryDeleteAsync(
        long id, DateTimeOffset seen, ChangeSource source, Func<Task> prove, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(id, cancellationToken) is not { } row)
        {
            // A tombstone for what was never here, so that a page that was read before does not bring it in.
            var tombstone = new TableEntity(scope.Site, RecordEntity.KeyOf(id))
            {
                [RecordEntity.FetchedAt] = seen, [RecordEntity.DeletedAt] = clock.GetUtcNow(),
            };
            return await table.TryWriteAsync(tombstone, cancellationToken) ? ApplyOutcome.Absent : null;
        }

        if (RecordEntity.Time(row, RecordEntity.FetchedAt) > seen)
            return ApplyOutcome.Unchanged;
        if (!await changes.TryCompleteAsync(row, cancellationToken))
            return null;
        if (RecordEntity.IsDeleted(row))
        {
            // A page that was read before this does not bring it back either.
            var renewed = new TableEntity(scope.Site, row.RowKey) { ETag = row.ETag, [RecordEntity.FetchedAt] = seen };
            return await table.TryMergeAsync(renewed, cancellationToken) ? ApplyOutcome.Absent : null;
        }

        await prove();
        var blob = row.GetString(RecordEntity.JsonBlob);
        RecordEntity.Stamp(row, ChangeKind.Deleted, source, clock.GetUtcNow(), before: row);
        row.Remove(RecordEntity.ChangedFields);
        row.Remove(RecordEntity.UnlistedAt);
        row[RecordEntity.DeletedAt] = row[RecordEntity.LastChanged];
        row[RecordEntity.FetchedAt] = seen;
        if (scope.Resource.PersonalFields.Count > 0)
            await RedactAsync(row, cancellationToken);
        return await TryChangeAsync(row, blob, cancellationToken) ? ApplyOutcome.Deleted : null;
    }

    /// <summary>Writes a row and its change, then removes the blob that the row replaced had, if the new one does without it.</summary>
    private async Task<bool> TryChangeAsync(TableEntity row, string? replaced, CancellationToken cancellationToken)
    {
        if (!await table.TryWriteAsync(row, cancellationToken))
            return false;
        await changes.WriteAsync(row, cancellationToken);
        if (replaced is not null && replaced != row.GetString(RecordEntity.JsonBlob))
            await blobs.DeleteBlobIfExistsAsync(replaced, cancellationToken: cancellationToken);
        return true;
    }

    private async Task<TableEntity> SucceedAsync(
        TableEntity row, CatalogueRecord record, ChangeSource source, CancellationToken cancellationToken)
    {
        var (next, value) = (RecordEntity.Build(scope, record), record.Value);
        next.ETag = row.ETag;
        next[RecordEntity.FirstSeen] = row.GetDateTimeOffset(RecordEntity.FirstSeen) ?? clock.GetUtcNow();
        if (row.GetDateTimeOffset(RecordEntity.ErasedAt) is { } erased)
        {
            next[RecordEntity.ErasedAt] = erased;
            RecordEntity.Redact(next, scope.Resource, BinaryData.FromBytes(record.Raw.Json));
            value = JsonElement.Parse(RecordEntity.Json(next)!);
        }

        var isBack = RecordEntity.IsDeleted(row);
        RecordEntity.Stamp(next, isBack ? ChangeKind.Created : ChangeKind.Updated, source, clock.GetUtcNow(), before: row);
        if (isBack)
            return next;
        if (RecordEntity.IsUnlisted(row, record))
            next[RecordEntity.UnlistedAt] = record.Raw.RequestedAt;
        if (await records.FindJsonAsync(row, cancellationToken) is { } before)
            next[RecordEntity.ChangedFields] = FieldChanges.Between(before, value);
        return next;
    }

    private async Task RedactAsync(TableEntity row, CancellationToken cancellationToken)
        => RecordEntity.Redact(row, scope.Resource, await records.FindJsonAsync(row, cancellationToken));

    /// <summary>Before the row that points to it.</summary>
    private Task SaveBlobAsync(CatalogueRecord record, TableEntity row, CancellationToken cancellationToken)
        => row.GetString(RecordEntity.JsonBlob) is { } name
            ? blobs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(record.Raw.Json), overwrite: true, cancellationToken)
            : Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: storage refuses record {Id}; it is left out")]
        public static partial void Refused(ILogger logger, Exception failure, string site, string resource, long id);
    }
}
