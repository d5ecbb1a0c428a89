using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.State;

/// <summary>The table <c>MirrorPasses</c>: what became of the passes, the newest first.</summary>
internal sealed class PassLog(TableClient table, MirrorScope scope)
{
    private readonly string _partition = scope.Partition;

    /// <summary>As the cursors of its readers call it.</summary>
    public string Name => $"{scope.Path}/passes";

    /// <summary>Notes how the pass in progress has ended. May be repeated.</summary>
    public Task WriteAsync(SyncStateEntity state, int missing, DateTimeOffset ended, CancellationToken cancellationToken)
    {
        var row = new TableEntity(_partition, KeyOf(state.PassStarted!.Value))
        {
            ["Kind"] = state.PassKind,
            ["Started"] = state.PassStarted,
            ["Ended"] = ended,
            ["Requests"] = state.PassPages + state.PassLookUps,
            ["Records"] = state.PassOffset,
            ["Created"] = state.PassCreated,
            ["Updated"] = state.PassUpdated,
            ["Deleted"] = state.PassDeleted,
            ["Missing"] = missing,
            ["Refused"] = state.PassRefused,
            ["Skipped"] = state.PassSkipped,
        };
        if (state.PassStopped is { } reason)
            row["Stopped"] = reason;
        return table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Passes, the newest first.</summary>
    /// <param name="after">The key to begin after; empty for the newest.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync(string after, int most, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey gt {after}");
        return table.QueryAsync<TableEntity>(filter, most, cancellationToken: cancellationToken);
    }

    /// <summary>Removes the passes that began before a point in time.</summary>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public Task PruneAsync(DateTimeOffset before, Func<Task> signOfLife, CancellationToken cancellationToken)
        => table.DeleteAllAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey gt {KeyOf(before)}"), cancellationToken, signOfLife);

    private static string KeyOf(DateTimeOffset started)
        => (DateTimeOffset.MaxValue.UtcTicks - started.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
