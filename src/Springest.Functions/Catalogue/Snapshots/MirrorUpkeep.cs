using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.State;

namespace Springest.Functions.Catalogue.Snapshots;

/// <summary>
/// What is done after passes: the snapshot, which stands beside the rows, so that whatever is wrong with it does not keep them from being
/// read; and the removal of changes that are old and in the newest snapshot.
/// </summary>
internal sealed partial class MirrorUpkeep(CatalogueStore store, MirrorOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>How long before the last full pass all changes are sure to be written.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(2);

    private static readonly TimeSpan LongestSnapshot = TimeSpan.FromDays(6);

    /// <summary>
    /// Whether the existing snapshots must be removed at once, even during a pause: they may name a person whose data was erased, or
    /// snapshots were turned off.
    /// </summary>
    public bool IsUrgent(SyncStateEntity state)
        => state.SnapshotReplaces || (options.SnapshotsKept == 0 && state.SnapshotWritten is not null);

    /// <summary>After a full pass; again by a later tick that has time if a run has died at it or could not do it.</summary>
    /// <returns>Why it could not be written.</returns>
    public async Task<string?> WriteSnapshotAsync(SyncLease lease, CancellationToken budget, CancellationToken cancellationToken)
    {
        var (state, scope) = (lease.State, lease.Scope);
        if (!state.SnapshotDue && !IsUrgent(state))
            return null;
        string? problem = null;
        // Blocks that no blob has been made of are kept for a week.
        if (state.SnapshotBegun is null || clock.GetUtcNow() - state.SnapshotBegun > LongestSnapshot)
            state.SnapshotBegun = clock.GetUtcNow();
        await lease.SaveAsync(cancellationToken);
        try
        {
            var snapshots = store.Snapshots(scope);
            if (options.SnapshotsKept == 0)
            {
                await snapshots.RemoveAsync(cancellationToken);
                (state.SnapshotDue, state.SnapshotReplaces, state.SnapshotBegun, state.SnapshotWritten) = (false, false, null, null);
            }
            else if (await snapshots.WriteAsync(state.SnapshotReplaces ? 1 : options.SnapshotsKept, lease, budget, cancellationToken))
            {
                (state.SnapshotDue, state.SnapshotReplaces) = (false, false);
                (state.SnapshotWritten, state.SnapshotBegun) = (state.SnapshotBegun, null);
            }
            else
            {
                Log.SnapshotUnfinished(logger, scope.Site, scope.Resource.Name);
            }
        }
        catch (Exception failure) when (failure is not LeaseLostException && !cancellationToken.IsCancellationRequested)
        {
            Log.SnapshotFailed(logger, failure, scope.Site, scope.Resource.Name);
            // Storage has lost blocks that were not committed yet. Start again with a new folder.
            if (failure is RequestFailedException refused && refused.ErrorCode == BlobErrorCode.InvalidBlockList)
                state.SnapshotBegun = null;
            problem = $"The snapshot could not be written, or an old one not removed. {failure.Message.Split('\n')[0]}";
        }

        await lease.SaveAsync(cancellationToken);
        return problem;
    }

    /// <summary>Removes changes and histories that are older than they are kept, but nothing that is not in the newest snapshot.</summary>
    public async Task PruneAsync(SyncLease lease, CancellationToken budget, CancellationToken cancellationToken)
    {
        var (state, scope) = (lease.State, lease.Scope);
        var before = clock.GetUtcNow() - options.ChangesKept;
        if (!(state.FullStarted - Margin > before) || (options.SnapshotsKept > 0 && !(state.SnapshotWritten - Margin > before)))
            return;
        var changes = store.Changes(scope);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget, cancellationToken);
        try
        {
            await store.Passes(scope).PruneAsync(before, () => lease.KeepAsync(cancellationToken), either.Token);
            if (!await changes.HasBeforeAsync(before, either.Token))
                return;
            state.ChangesFrom = before;
            await lease.SaveAsync(cancellationToken);
            await changes.PruneAsync(before, () => lease.KeepAsync(cancellationToken), either.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The next pass goes on.
        }
    }

    /// <summary>What is wrong if the newest snapshot is so old that changes will soon be kept for its sake only.</summary>
    public string? Late(SyncStateEntity state, DateTimeOffset now)
        => options.SnapshotsKept > 0 && state.SnapshotWritten is { } last && last < now - (options.ChangesKept / 2)
            ? string.Create(
                CultureInfo.InvariantCulture, $"The newest snapshot is of {last:u}. Changes after it are kept until there is another.")
            : null;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Site} {Resource}: the snapshot could not be written, or an old one not removed; a later tick tries again")]
        public static partial void SnapshotFailed(ILogger logger, Exception failure, string site, string resource);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Site} {Resource}: out of time for the snapshot, a later tick goes on")]
        public static partial void SnapshotUnfinished(ILogger logger, string site, string resource);
    }
}
