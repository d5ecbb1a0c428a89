using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// The table <c>MirrorCommands</c>: what operators want done, and when it was done. Whoever holds the lease executes them in their order,
/// at the beginning of its run.
/// </summary>
internal sealed class CommandQueue(TableClient table, MirrorScope scope, TimeProvider clock)
{
    private readonly string _partition = scope.Partition;

    private string Open => TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and Done eq {false}");

    public async Task<bool> AreThereAsync(CancellationToken cancellationToken)
        => await table.QueryAsync<TableEntity>(Open, 1, ["RowKey"], cancellationToken).AnyAsync(cancellationToken);

    /// <param name="command">What is to be done.</param>
    /// <param name="by">Who wants it, for the record.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task EnqueueAsync(SyncCommand command, string? by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}-{Guid.NewGuid():N}");
        // Nobody else has this key: what is there already was written by a try whose answer was lost.
        return table.TryWriteAsync(
            new TableEntity(_partition, key)
            {
                ["Command"] = command.ToString(), ["EnqueuedAt"] = now, ["EnqueuedBy"] = by, ["Done"] = false,
            },
            cancellationToken);
    }

    /// <summary>Executes what came in since the last run. May be repeated.</summary>
    public async Task ExecuteAsync(SyncLease lease, MissingMarker marker, CancellationToken cancellationToken)
    {
        var open = await table.QueryAsync<TableEntity>(Open, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        foreach (var row in open)
        {
            await ExecuteAsync(Enum.Parse<SyncCommand>(row.GetString("Command")), lease, marker, cancellationToken);
            await lease.SaveAsync(cancellationToken);
            row["Done"] = true;
            row["DoneAt"] = clock.GetUtcNow();
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
    }

    private static async Task ExecuteAsync(SyncCommand command, SyncLease lease, MissingMarker marker, CancellationToken cancellationToken)
    {
        var state = lease.State;
        switch (command)
        {
            case SyncCommand.Start:
                state.FullRequested = true;
                break;
            case SyncCommand.Pause or SyncCommand.Resume:
                state.Paused = command is SyncCommand.Pause;
                break;
            case SyncCommand.Release:
                (state.HoldReleased, state.FullRequested) = (true, true);
                break;
            case SyncCommand.Discard:
                await marker.ClearAsync(() => lease.KeepAsync(cancellationToken), cancellationToken);
                (state.HoldReleased, state.HoldSince, state.HoldPass, state.HoldMissing) = (false, null, null, 0);
                break;
            case SyncCommand.Abandon:
                state.ParkedPassId = null;
                SyncSchedule.End(state);
                break;
            case SyncCommand.Snapshot when state.FullCompleted is not null:
                (state.SnapshotDue, state.SnapshotBegun, state.SnapshotReplaces) = (true, null, true);
                break;
        }
    }
}
