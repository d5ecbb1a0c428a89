using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// The table <c>MirrorPages</c>: one row for each page that a pass has applied, with the ids on it. It is the checkpoint and
/// the list of what was seen in one.
/// </summary>
internal sealed class CheckpointStore(TableClient table, MirrorScope scope)
{
    private readonly string _prefix = $"{scope.Partition}:";

    /// <summary>The pages that a pass has applied, in order of their offsets.</summary>
    public IAsyncEnumerable<Checkpoint> ReadAsync(string pass, CancellationToken cancellationToken)
        => table
            .QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {_prefix + pass}"),
                cancellationToken: cancellationToken)
            .Select(FromRow);

    /// <summary>Notes some pages, all or none of them.</summary>
    public Task WriteAsync(string pass, IReadOnlyList<Checkpoint> group, CancellationToken cancellationToken)
        => group is [var single]
            ? table.UpsertEntityAsync(ToRow(pass, single), TableUpdateMode.Replace, cancellationToken)
            : table.SubmitTransactionAsync(
                group.Select(page => new TableTransactionAction(TableTransactionActionType.UpsertReplace, ToRow(pass, page))),
                cancellationToken);

    /// <summary>Removes the pages of all passes that are over.</summary>
    /// <param name="keep">The pass in progress, if any.</param>
    public async Task CleanAsync(string? keep, CancellationToken cancellationToken)
    {
        var (from, to) = (_prefix, _prefix + "~");
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {to} and PartitionKey ne {_prefix + keep}");
        var rows = await table
            .QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken);
        foreach (var chunk in rows.GroupBy(row => row.PartitionKey).SelectMany(pass => pass.Chunk(TableClientExtensions.MaxBatch)))
            await table.DeleteTogetherAsync(chunk, cancellationToken);
    }

    private TableEntity ToRow(string pass, Checkpoint page)
    {
        var row = new TableEntity(_prefix + pass, page.Offset.ToString("D10", CultureInfo.InvariantCulture))
        {
            ["Items"] = page.Items,
            ["Ids"] = string.Join(',', page.Ids),
            ["Created"] = page.Counts.Created,
            ["Updated"] = page.Counts.Updated,
            ["Skipped"] = page.Skipped,
            ["Refused"] = page.Counts.Refused,
        };
        if (page.Total is { } total)
            row["Total"] = total;
        return row;
    }

    private static Checkpoint FromRow(TableEntity row)
        => new(
            int.Parse(row.RowKey, CultureInfo.InvariantCulture),
            row.GetInt32("Items") ?? 0,
            row.GetInt64("Total"),
            [
                .. (row.GetString("Ids") ?? "")
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => long.Parse(id, CultureInfo.InvariantCulture)),
            ],
            new RecordCounts(
                Created: row.GetInt32("Created") ?? 0,
                Updated: row.GetInt32("Updated") ?? 0,
                Refused: row.GetInt32("Refused") ?? 0),
            row.GetInt32("Skipped") ?? 0);
}
