using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Store;

/// <summary>
/// Reads the rows of one scope, and the blobs of records that are too big for their row. A row whose blob is gone gets a mark by which the
/// next full pass writes it again.
/// </summary>
internal sealed partial class RecordReader(TableClient table, BlobContainerClient blobs, MirrorScope scope, ILogger logger)
{
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

    public Task<TableEntity?> FindAsync(long id, CancellationToken cancellationToken)
        => table.FindAsync<TableEntity>(scope.Site, RecordEntity.KeyOf(id), cancellationToken);

    /// <summary>What a pass needs to know of a row.</summary>
    public Task<TableEntity?> FindSummaryAsync(long id, CancellationToken cancellationToken)
        => table.FindAsync<TableEntity>(scope.Site, RecordEntity.KeyOf(id), cancellationToken, RecordEntity.Summary);

    /// <summary>Whether there is a record that is not deleted, fetched no later than some moment.</summary>
    public async Task<bool> IsLiveAsync(long id, DateTimeOffset moment, CancellationToken cancellationToken)
        => await FindSummaryAsync(id, cancellationToken) is { } row
            && !RecordEntity.IsDeleted(row)
            && RecordEntity.Time(row, RecordEntity.FetchedAt) <= moment;

    /// <summary>All rows in short.</summary>
    /// <param name="passStarted">When the pass began that asks.</param>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public async Task<RecordIndex> IndexAsync(
        DateTimeOffset passStarted, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        var known = new RecordIndex(passStarted);
        await foreach (var row in QueryAsync(Filter(), MaxListed, RecordEntity.Summary, cancellationToken))
        {
            known.Add(row);
            await signOfLife();
        }

        return known;
    }

    /// <summary>The rows of some ids in short, those that there are.</summary>
    public async Task<RecordIndex> IndexAsync(IEnumerable<long> ids, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        var known = new RecordIndex(passStarted);
        var rows = await Task.WhenAll(ids.Select(id => FindSummaryAsync(id, cancellationToken)));
        foreach (var row in rows.OfType<TableEntity>())
            known.Add(row);
        return known;
    }

    /// <summary>Rows in the order of their ids, tombstones included.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync(string after, CancellationToken cancellationToken)
        => QueryAsync(Filter(after), MaxWhole, select: null, cancellationToken);

    /// <summary>Rows in the order of their ids, tombstones included, an answer at a time.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    /// <param name="most">How many are wanted.</param>
    /// <returns>The rows, and whether there may be more.</returns>
    public async IAsyncEnumerable<(IReadOnlyList<TableEntity> Rows, bool More)> ReadPagesAsync(
        string after, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = table.QueryAsync<TableEntity>(Filter(after), cancellationToken: cancellationToken);
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
        var filter = Filter(after);
        if (institute is { } id)
            filter += " and " + TableClient.CreateQueryFilter($"InstituteId eq {id}");
        string[] select = ["RowKey", RecordEntity.Hash, RecordEntity.DeletedAt, .. columns];
        return table.QueryAsync<TableEntity>(filter, MaxListed, select).AsPages();
    }

    /// <summary>Rows in short that the last whole pass showed, as far as is known; a thousand at most.</summary>
    /// <param name="column">A column to read beside.</param>
    public async Task<List<TableEntity>> ListedAsync(string? column, CancellationToken cancellationToken)
    {
        string[] select = [.. RecordEntity.Summary, column ?? RecordEntity.Hash];
        // What was never here has no hash, and may be named without end.
        var filter = Filter() + " and " + TableClient.CreateQueryFilter($"Hash ge {""}");
        return await QueryAsync(filter, MaxListed, select, cancellationToken)
            .Where(row => !RecordEntity.IsDeleted(row) && !row.ContainsKey(RecordEntity.MissingSince))
            .Take(MaxListed)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Live trainings of an institute whose rows are older than a point in time.</summary>
    public IAsyncEnumerable<long> OfInstituteAsync(long instituteId, DateTimeOffset fetchedBefore, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {scope.Site} and InstituteId eq {instituteId} and FetchedAt lt {fetchedBefore}");
        return QueryAsync(filter, MaxListed, RecordEntity.Summary, cancellationToken)
            .Where(row => !RecordEntity.IsDeleted(row))
            .Select(RecordEntity.IdOf);
    }

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
            if (await FindAsync(RecordEntity.IdOf(row), cancellationToken) is not { } next)
                return (row, null);
            row = next;
            if (row.GetString(RecordEntity.JsonBlob) != blob)
                continue;
            Log.BlobGone(logger, scope.Site, scope.Resource.Name, RecordEntity.IdOf(row), blob);
            var unknown = new TableEntity(scope.Site, row.RowKey) { ETag = row.ETag, [RecordEntity.Hash] = "" };
            await table.TryMergeAsync(unknown, cancellationToken);
            return (row, null);
        }
    }

    /// <summary>The record as received; null if the blob that held it is gone.</summary>
    public async Task<BinaryData?> FindJsonAsync(TableEntity row, CancellationToken cancellationToken)
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

    private string Filter(string after = "")
        => TableClient.CreateQueryFilter($"PartitionKey eq {scope.Site} and RowKey gt {after}");

    private IAsyncEnumerable<TableEntity> QueryAsync(
        string filter, int most, IEnumerable<string>? select, CancellationToken cancellationToken)
        => table.QueryAsync<TableEntity>(filter, most, select, cancellationToken).Where(RecordEntity.IsRecord);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Site} {Resource}: the blob {Blob} of record {Id} is gone; the next full pass writes it again"
        )]
        public static partial void BlobGone(ILogger logger, string site, string resource, long id, string? blob);
    }
}
