using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Snapshots;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror's tables and containers, seen as those of one scope.</summary>
public sealed class CatalogueStore(AppStorage storage, MirrorMetrics metrics, TimeProvider clock, ILogger<CatalogueStore> logger)
{
    // Kept, as each remembers what it has seen.
    private readonly ConcurrentDictionary<string, FieldTracker> _fields = new();

    internal ControlReads Controls { get; } = new(clock);

    internal RecordReader Reader(MirrorScope scope)
        => new(storage.Table(scope.Resource.Name), storage.Container(CatalogueStorage.RecordBlobs), scope, logger);

    internal RecordWriter Writer(MirrorScope scope)
    {
        var (reader, table, blobs) = (
            Reader(scope), storage.Table(scope.Resource.Name), storage.Container(CatalogueStorage.RecordBlobs));
        return new(reader, ChangeWriter(scope, reader), table, blobs, scope, clock, logger);
    }

    internal MissingMarker Marker(MirrorScope scope) => new(Reader(scope), storage.Table(scope.Resource.Name), scope);

    /// <param name="reader">Of the same scope.</param>
    internal ChangeWriter ChangeWriter(MirrorScope scope, RecordReader reader) => new(
        reader, storage.Table(scope.Resource.Name), Changes(scope), storage.Table(CatalogueStorage.Changes),
        new PersonalBlobs(storage.Container(CatalogueStorage.RecordBlobs), scope), scope, metrics, clock);

    internal ChangeFeed Changes(MirrorScope scope)
        => new(storage.Table(CatalogueStorage.Changes), storage.Table(CatalogueStorage.MirrorState), scope, clock);

    internal SnapshotStore Snapshots(MirrorScope scope)
        => new(storage.Container(CatalogueStorage.Snapshots), Reader(scope), Changes(scope), scope);

    internal FieldTracker Fields(MirrorScope scope)
        => _fields.GetOrAdd(
            scope.Partition, _ => new FieldTracker(storage.Table(CatalogueStorage.MirrorFields), scope, clock, logger));

    internal CheckpointStore Pages(MirrorScope scope) => new(storage.Table(CatalogueStorage.MirrorPages), scope);

    internal HeldRecords Held(MirrorScope scope) => new(storage.Container(CatalogueStorage.RecordBlobs), scope);

    internal PassLog Passes(MirrorScope scope) => new(storage.Table(CatalogueStorage.MirrorPasses), scope);

    internal CommandQueue Commands(MirrorScope scope) => new(storage.Table(CatalogueStorage.MirrorCommands), scope, clock);

    internal Task<SyncLease?> TryAcquireLeaseAsync(MirrorScope scope, TimeSpan duration, CancellationToken cancellationToken)
        => SyncLease.TryAcquireAsync(storage.Table(CatalogueStorage.MirrorState), scope, clock, duration, cancellationToken);

    /// <summary>When the last full pass ended that showed all there is, but for a few; null if there was none.</summary>
    internal async Task<DateTimeOffset?> LastProofAsync(MirrorScope scope, CancellationToken cancellationToken)
        => (await FindStateAsync(scope, cancellationToken))?.ProofCompleted;

    /// <summary>Records that are not deleted, as of the last look; 0 if there was none.</summary>
    internal async Task<int> CountAsync(MirrorScope scope, CancellationToken cancellationToken)
        => (await FindStateAsync(scope, cancellationToken))?.Records ?? 0;

    /// <summary>How the mirror of a resource stands; null before its first run.</summary>
    internal Task<SyncStateEntity?> FindStateAsync(MirrorScope scope, CancellationToken cancellationToken)
        => storage.Table(CatalogueStorage.MirrorState).FindAsync<SyncStateEntity>(scope.Site, scope.Resource.Name, cancellationToken);
}
