using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Store;

/// <summary>The marks of records that a whole pass did not show.</summary>
internal sealed partial class RecordTable
{
    /// <summary>Notes on live rows without a mark that a whole pass did not show them.</summary>
    /// <param name="ids">Of the rows.</param>
    /// <param name="passStarted">When the pass began. What was fetched since is not missing, whatever the pass showed.</param>
    /// <param name="proof">How long before that a mark must have been set to prove anything.</param>
    /// <returns>The ids of those that are missing, and whether an earlier pass had marked them.</returns>
    public async Task<IReadOnlyList<(long Id, bool IsProven)>> MarkMissingAsync(
        IReadOnlyCollection<long> ids, DateTimeOffset passStarted, TimeSpan proof, CancellationToken cancellationToken)
    {
        var missing = new List<(long, bool)>();
        foreach (var chunk in ids.Chunk(Parallelism))
        {
            var since = await Task.WhenAll(chunk.Select(id => MarkMissingAsync(id, passStarted, cancellationToken)));
            missing.AddRange(
                chunk
                    .Zip(since)
                    .Where(row => row.Second is not null)
                    .Select(row => (row.First, row.Second < passStarted && row.Second <= passStarted - proof)));
        }

        return missing;
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
            await TryRenewAsync(row, RecordEntity.Time(row, RecordEntity.FetchedAt), cancellationToken);
            await signOfLife();
        }
    }

    /// <summary>Since when a record is missing; null if it is not.</summary>
    private async Task<DateTimeOffset?> MarkMissingAsync(long id, DateTimeOffset passStarted, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(site, RecordEntity.KeyOf(id), RecordEntity.Summary, cancellationToken);
        if (
            found is not { HasValue: true, Value: { } row }
            || RecordEntity.IsDeleted(row)
            || RecordEntity.Time(row, RecordEntity.FetchedAt) >= passStarted)
            return null;
        if (row.GetDateTimeOffset(RecordEntity.MissingSince) is { } since)
            return since;
        var mark = new TableEntity(site, row.RowKey) { [RecordEntity.MissingSince] = passStarted };
        // Refused if somebody has written the row meanwhile: then it is not missing.
        return await SucceedsAsync(table.UpdateEntityAsync(mark, row.ETag, TableUpdateMode.Merge, cancellationToken)) ? passStarted : null;
    }
}
