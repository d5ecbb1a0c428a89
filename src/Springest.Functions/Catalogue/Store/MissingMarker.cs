using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Store;

/// <summary>Marks the records that a pass did not show.</summary>
internal sealed class MissingMarker(RecordReader records, TableClient table, MirrorScope scope)
{
    /// <summary>Rows written at the same time.</summary>
    private const int Parallelism = 8;

    /// <summary>Whole rows in one answer: the thousand that there may be take too much memory.</summary>
    private const int MaxWhole = 100;

    /// <summary>Notes on live rows without a mark that a pass did not show them.</summary>
    /// <param name="ids">Of the rows.</param>
    /// <param name="passStarted">When the pass began. What was fetched since is not missing, whatever the pass showed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task SetAsync(IEnumerable<long> ids, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        foreach (var chunk in ids.Chunk(Parallelism))
            await Task.WhenAll(chunk.Select(id => SetAsync(id, passStarted, cancellationToken)));
    }

    /// <summary>Forgets that records were missed.</summary>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public async Task ClearAsync(Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        var marked = TableClient.CreateQueryFilter($"PartitionKey eq {scope.Site} and MissingSince ge {DateTimeOffset.UnixEpoch}");
        await foreach (
            var row in table
                .QueryAsync<TableEntity>(marked, MaxWhole, cancellationToken: cancellationToken)
                .Where(row => !RecordEntity.IsDeleted(row)))
        {
            row.Remove(RecordEntity.MissingSince);
            row.Remove(RecordEntity.UnlistedAt);
            // Refused if somebody has written the row meanwhile: then the mark is gone.
            await table.TryWriteAsync(row, cancellationToken);
            await signOfLife();
        }
    }

    private async Task SetAsync(long id, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        if (await records.FindSummaryAsync(id, cancellationToken) is not { } row
            || RecordEntity.IsDeleted(row)
            || row.ContainsKey(RecordEntity.MissingSince)
            || RecordEntity.Time(row, RecordEntity.FetchedAt) >= passStarted)
            return;
        var mark = new TableEntity(scope.Site, row.RowKey) { ETag = row.ETag, [RecordEntity.MissingSince] = passStarted };
        // Refused if somebody has written the row meanwhile: then it is not missing.
        await table.TryMergeAsync(mark, cancellationToken);
    }
}
