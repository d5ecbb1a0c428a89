using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Store;

/// <summary>
/// One site's records of one resource. A row is replaced only by what was fetched later, and only if it is still the row that
/// was read (ETag); after the row comes its change. Every step may be repeated.
/// </summary>
internal sealed partial class RecordTable(
    TableClient table, BlobContainerClient blobs, ChangeFeed changes, string site, ResourceDescription description, MirrorMetrics metrics,
    TimeProvider clock, ILogger logger)
{
    /// <summary>Rows written singly at the same time.</summary>
    private const int Parallelism = 8;

    /// <summary>Whole rows in one answer: the thousand that there may be take too much memory.</summary>
    private const int MaxWhole = 100;

    /// <summary>Whole rows in the first answer for a reader, before it is known how long they are.</summary>
    private const int FirstRead = 10;

    /// <summary>
    /// Bytes of text in each further answer for a reader. There may be many readers at once, and for each the client takes several times as
    /// much: its buffers double as they grow, and one of 256 KB is as a rule enough for this.
    /// </summary>
    private const int MaxRead = 200_000;

    /// <summary>Rows in short in one answer.</summary>
    private const int MaxListed = 1000;

    public Task<NullableResponse<TableEntity>> FindAsync(long id, CancellationToken cancellationToken)
        => table.GetEntityIfExistsAsync<TableEntity>(site, RecordEntity.KeyOf(id), cancellationToken: cancellationToken);

    /// <summary>Whether there is a record that is not deleted, fetched no later than some moment.</summary>
    public async Task<bool> IsLiveAsync(long id, DateTimeOffset moment, CancellationToken cancellationToken)
        => await table.GetEntityIfExistsAsync<TableEntity>(site, RecordEntity.KeyOf(id), RecordEntity.Summary, cancellationToken)
            is { HasValue: true, Value: { } row }
            && !RecordEntity.IsDeleted(row)
            && RecordEntity.Time(row, RecordEntity.FetchedAt) <= moment;

    /// <summary>
    /// All rows of the site in short. Those changed since a point in time have their changes in the log from then on, whatever became of
    /// who wrote them.
    /// </summary>
    /// <param name="since">The point in time.</param>
    /// <param name="passStarted">When the pass began that asks.</param>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public async Task<RecordIndex> LoadKnownAsync(
        DateTimeOffset since, DateTimeOffset passStarted, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        var known = new RecordIndex(passStarted);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {site}");
        await foreach (var row in QueryAsync(filter, MaxListed, RecordEntity.Summary, cancellationToken))
        {
            known.Add(row);
            await signOfLife();
        }

        await foreach (var (id, ticks) in changes.ReadKeysAsync(since, cancellationToken))
        {
            known.MarkLogged(id, ticks);
            await signOfLife();
        }

        foreach (var id in known.Unlogged(since))
        {
            await LogAsync([id], cancellationToken);
            await signOfLife();
        }

        return known;
    }

    /// <summary>The rows of some ids in short, those that there are.</summary>
    public async Task<RecordIndex> FindKnownAsync(
        IEnumerable<long> ids, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        var known = new RecordIndex(passStarted);
        var rows = await Task.WhenAll(
            ids.Select(id =>
                table.GetEntityIfExistsAsync<TableEntity>(site, RecordEntity.KeyOf(id), RecordEntity.Summary, cancellationToken)));
        foreach (var row in rows.Where(row => row.HasValue))
            known.Add(row.Value!);
        return known;
    }

    /// <summary>Rows in the order of their ids, tombstones included.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    /// <param name="institute">Only rows of this institute.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync(string after, long? institute, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {after}");
        if (institute is { } id)
            filter += " and " + TableClient.CreateQueryFilter($"InstituteId eq {id}");
        return QueryAsync(filter, MaxWhole, select: null, cancellationToken);
    }

    /// <summary>Rows in the order of their ids, tombstones included, an answer at a time.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    /// <param name="most">How many are wanted.</param>
    /// <returns>The rows, and whether there may be more.</returns>
    public async IAsyncEnumerable<(IReadOnlyList<TableEntity> Rows, bool More)> ReadPagesAsync(
        string after, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {after}");
        var query = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        var (size, next) = (FirstRead, default(string));
        do
        {
            // Of the page only the rows are kept: it holds the answer's bytes too.
            (var rows, next) = await query.AsPages(next, Math.Min(most, size)).Select(page => (page.Values, page.ContinuationToken))
                .FirstAsync(cancellationToken);
            if (rows.Sum(RecordEntity.Length) is > 0 and var length)
                size = Math.Clamp(MaxRead * rows.Count / length, 1, MaxWhole);
            yield return (rows, next is not null);
        }
        while (next is not null);
    }

    /// <summary>Rows in the order of their ids, an answer at a time, with what tells whether there is a record, and some columns.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    /// <param name="institute">Only rows of this institute.</param>
    public IAsyncEnumerable<Page<TableEntity>> ScanAsync(string after, long? institute, IEnumerable<string> columns)
    {
        string[] select = ["RowKey", RecordEntity.Hash, RecordEntity.DeletedAt, .. columns];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {after}");
        if (institute is { } id)
            filter += " and " + TableClient.CreateQueryFilter($"InstituteId eq {id}");
        return table.QueryAsync<TableEntity>(filter, MaxListed, select).AsPages();
    }

    /// <summary>Rows in short that the last whole pass showed, as far as is known; a thousand at most.</summary>
    /// <param name="column">A column to read beside.</param>
    public async Task<List<TableEntity>> ListedAsync(string? column, CancellationToken cancellationToken)
    {
        string[] select = [.. RecordEntity.Summary, column ?? RecordEntity.Hash];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {site}");
        return await QueryAsync(filter, MaxListed, select, cancellationToken).Take(MaxListed)
            .Where(row => !RecordEntity.IsDeleted(row) && !row.ContainsKey(RecordEntity.MissingSince))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Live trainings of an institute whose rows are older than a point in time.</summary>
    public IAsyncEnumerable<long> OfInstituteAsync(long instituteId, DateTimeOffset fetchedBefore, CancellationToken cancellationToken)
        => QueryAsync(
                TableClient.CreateQueryFilter($"PartitionKey eq {site} and InstituteId eq {instituteId} and FetchedAt lt {fetchedBefore}"),
                MaxListed,
                RecordEntity.Summary,
                cancellationToken)
            .Where(row => !RecordEntity.IsDeleted(row))
            .Select(RecordEntity.IdOf);

    /// <summary>
    /// The record as received, and the row that it belongs to: a newer one if somebody has replaced the row that was read. Null if the
    /// blob is gone that held it; then the next pass writes it again.
    /// </summary>
    public async Task<(TableEntity Row, BinaryData? Json)> ReadJsonAsync(TableEntity row, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindJsonAsync(row, cancellationToken) is { } json)
                return (row, json);
            var blob = row.GetString(RecordEntity.JsonBlob);
            if (await FindAsync(RecordEntity.IdOf(row), cancellationToken) is not { HasValue: true, Value: { } next })
                return (row, null);
            row = next;
            if (row.GetString(RecordEntity.JsonBlob) != blob)
                continue;
            Log.BlobGone(logger, site, description.Name, RecordEntity.IdOf(row), blob);
            await SucceedsAsync(
                table.UpdateEntityAsync(
                    new TableEntity(site, row.RowKey) { [RecordEntity.Hash] = "" }, row.ETag, TableUpdateMode.Merge, cancellationToken));
            return (row, null);
        }
    }

    private IAsyncEnumerable<TableEntity> QueryAsync(
        string filter, int most, IEnumerable<string>? select, CancellationToken cancellationToken)
        => table.QueryAsync<TableEntity>(filter, most, select, cancellationToken).Where(RecordEntity.IsRecord);

    /// <summary>The record as received; null if the blob that held it is gone.</summary>
    private async Task<BinaryData?> FindJsonAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (RecordEntity.Json(row) is { } json)
            return BinaryData.FromString(json);
        try
        {
            return (await blobs.GetBlobClient(row.GetString(RecordEntity.JsonBlob)).DownloadContentAsync(cancellationToken)).Value.Content;
        }
        catch (RequestFailedException failure) when (failure.Status is 404)
        {
            return null;
        }
    }

    /// <summary>Adds records that are not known, in few transactions; one that turns up meanwhile is applied singly.</summary>
    /// <returns>How many of each outcome.</returns>
    public async Task<RecordCounts> CreateAsync(
        IEnumerable<CatalogueRecord> records,
        ChangeSource source,
        CancellationToken cancellationToken)
    {
        var counts = new RecordCounts();
        var now = clock.GetUtcNow();
        var byKey = records.ToDictionary(record => RecordEntity.KeyOf(record.Id));
        foreach (var batch in TableBatches.Of(byKey.Values.Select(record => NewRow(record, source, now))))
        {
            var batched = batch.Select(row => byKey[row.RowKey]).ToList();
            await Task.WhenAll(batched.Zip(batch, (record, row) => SaveBlobAsync(record, row, cancellationToken)));
            try
            {
                await table.SubmitTransactionAsync(
                    batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
                    cancellationToken);
            }
            catch (RequestFailedException failure) when (failure.Status is 409 or 400 or 413)
            {
                counts += await ApplyAsync(batched, source, cancellationToken);
                continue;
            }

            await LogNewAsync(batch, cancellationToken);
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
        IReadOnlyCollection<CatalogueRecord> records,
        ChangeSource source,
        CancellationToken cancellationToken)
    {
        var counts = new RecordCounts();
        foreach (var chunk in records.Chunk(Parallelism))
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
        long id,
        DateTimeOffset seen,
        ChangeSource source,
        Func<Task> prove,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryDeleteAsync(id, seen, source, prove, cancellationToken) is { } outcome)
                return outcome;
        }
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
            Log.Refused(logger, failure, site, description.Name, record.Id);
            return new RecordCounts(Refused: 1);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Site} {Resource}: the blob {Blob} of record {Id} is gone; the next full pass writes it again"
        )]
        public static partial void BlobGone(ILogger logger, string site, string resource, long id, string? blob);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: storage refuses record {Id}; it is left out")]
        public static partial void Refused(ILogger logger, Exception failure, string site, string resource, long id);
    }
}
