using Azure.Data.Tables;

namespace Springest.Functions.Catalogue;

/// <summary>The marks of records that a whole pass did not show.</summary>
internal sealed partial class RecordTable
{
    /// <summary>Notes on live rows without a mark that a whole pass did not show them.</summary>
    /// <param name="ids">Of the rows.</param>
    /// <param name="passStarted">When the pass began.</param>
    /// <param name="proof">How long before that a mark must have been set to count.</param>
    /// <returns>The ids that an earlier pass had marked.</returns>
    public async Task<IReadOnlyList<long>> MarkMissingAsync(
        IReadOnlyCollection<long> ids, DateTimeOffset passStarted, TimeSpan proof, CancellationToken cancellationToken)
    {
        var marked = new List<long>();
        foreach (var chunk in ids.Chunk(Parallelism))
        {
            var before = await Task.WhenAll(chunk.Select(id => MarkMissingAsync(id, passStarted, proof, cancellationToken)));
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

    private async Task<bool> MarkMissingAsync(long id, DateTimeOffset passStarted, TimeSpan proof, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(site, RecordRow.KeyOf(id), RecordRow.Summary, cancellationToken);
        if (found is not { HasValue: true, Value: { } row } || RecordRow.IsDeleted(row) || RecordRow.Time(row, RecordRow.FetchedAt) >= passStarted)
            return false;
        if (row.GetDateTimeOffset(RecordRow.MissingSince) is { } since)
            return since < passStarted && since <= passStarted - proof;
        var mark = new TableEntity(site, row.RowKey) { [RecordRow.MissingSince] = passStarted };
        // Refused if somebody has written the row meanwhile: then it is not missing.
        await SucceedsAsync(table.UpdateEntityAsync(mark, row.ETag, TableUpdateMode.Merge, cancellationToken));
        return false;
    }
}
