using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// The table <c>CommandQueue</c>: what operators ordered, and when it was done. Orders are carried out in their order by the holder
/// of the run lock, at the beginning of its run.
/// </summary>
internal sealed class CommandQueue(TableClient table, string site, ResourceDescription description, TimeProvider clock)
{
    private readonly string _partition = $"{site}:{description.Name}";

    public Task PlaceAsync(SyncCommand order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}-{Guid.NewGuid():N}");
        return table.AddEntityAsync(
            new TableEntity(_partition, key) { ["Order"] = order.ToString(), ["PlacedAt"] = now, ["Done"] = false }, cancellationToken);
    }

    /// <summary>Carries out what was ordered since the last run. May be repeated.</summary>
    public async Task CarryOutAsync(SyncLease runLock, RecordTable records, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and Done eq {false}");
        var open = await table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        foreach (var order in open)
        {
            await CarryOutAsync(Enum.Parse<SyncCommand>(order.GetString("Order")), runLock, records, cancellationToken);
            await runLock.SaveAsync(cancellationToken);
            order["Done"] = true;
            order["DoneAt"] = clock.GetUtcNow();
            await table.UpsertEntityAsync(order, TableUpdateMode.Replace, cancellationToken);
        }
    }

    private static async Task CarryOutAsync(SyncCommand order, SyncLease runLock, RecordTable records, CancellationToken cancellationToken)
    {
        var state = runLock.State;
        switch (order)
        {
            case SyncCommand.Start:
                state.FullRequested = true;
                break;
            case SyncCommand.Pause or SyncCommand.Resume:
                state.Paused = order is SyncCommand.Pause;
                break;
            case SyncCommand.Release:
                (state.HoldReleased, state.FullRequested) = (true, true);
                break;
            case SyncCommand.Discard:
                await records.ClearMarksAsync(() => runLock.KeepAsync(cancellationToken), cancellationToken);
                (state.HoldReleased, state.HoldSince, state.HoldMissing) = (false, null, 0);
                break;
            case SyncCommand.Forget:
                state.ParkedPassId = null;
                SyncSchedule.End(state);
                break;
        }
    }
}
