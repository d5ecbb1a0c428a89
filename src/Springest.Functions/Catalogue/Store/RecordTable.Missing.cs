using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Store;

/// <summary>The marks of records that a pass did not show.</summary>
internal sealed partial class RecordTable
{
    /// <summary>Notes on live rows without a mark that a pass did not show them.</summary>
    /// <param name="ids">Of the rows.</param>
    /// <param name="passStarted">When the pass began. What was fetched since is not missing, whatever the pass showed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task MarkMissingAsync(IEnumerable<long> ids, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        foreach (var chunk in ids.Chunk(Parallelism))
            await Task.WhenAll(chunk.Select(id => MarkMissingAsync(id, passStarted, cancellationToken)));
    }

    /// <summary>Forgets that records were missed.</summary>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public async Task ClearMarksAsync(Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        var marked = TableClient.CreateQueryFilter($"PartitionKey eq {site} and MissingSince ge {DateTimeOffset.UnixEpoch}");
        await foreach (
            var row in table
                .QueryAsync<TableEntity>(marked, MaxWhole, cancellationToken: cancellationToken)
                .Where(row => !RecordEntity.IsDeleted(row)))
        {
            // Refused if somebody has written the row meanwhile: then the mark is gone.
            await TryRenewAsync(row, RecordEntity.Time(row, RecordEntity.FetchedAt), isListed: true, cancellationToken);
            await signOfLife();
        }
    }

    private async Task MarkMissingAsync(long id, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(site, RecordEntity.KeyOf(id), RecordEntity.Summary, cancellationToken);
        if (
            found is not { HasValue: true, Value: { } row }
            || RecordEntity.IsDeleted(row)
            || row.ContainsKey(RecordEntity.MissingSince)
            || RecordEntity.Time(row, RecordEntity.FetchedAt) >= passStarted)
            return;
        var mark = new TableEntity(site, row.RowKey) { [RecordEntity.MissingSince] = passStarted };
        // Refused if somebody has written the row meanwhile: then it is not missing.
        await SucceedsAsync(table.UpdateEntityAsync(mark, row.ETag, TableUpdateMode.Merge, cancellationToken));
    }
}
