using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Exports;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror's tables, seen as one site's records of one resource.</summary>
public sealed class CatalogueStore(AppStorage storage, MirrorMetrics metrics, TimeProvider clock, ILogger<CatalogueStore> logger)
{
    // Kept, as each remembers what it has seen.
    private readonly ConcurrentDictionary<(string Site, string Resource), FieldTracker> _fields = new();

    internal ControlReads Controls { get; } = new(clock);

    internal RecordTable Records(string site, ResourceDescription description) => new(
        storage.Table(description.Name),
        storage.Container(CatalogueStorage.RecordBlobs),
        Changes(site, description),
        site,
        description,
        metrics,
        clock,
        logger);

    internal ChangeFeed Changes(string site, ResourceDescription description)
        => new(storage.Table(CatalogueStorage.Changes), storage.Table(CatalogueStorage.MirrorState), site, description, clock);

    internal CatalogueExport Export(string site, ResourceDescription description)
        => new(
            storage.Container(CatalogueStorage.Exports), Records(site, description), Changes(site, description), site, description);

    internal FieldTracker Fields(string site, ResourceDescription description)
        => _fields.GetOrAdd(
            (site, description.Name),
            _ => new FieldTracker(storage.Table(CatalogueStorage.MirrorFields), site, description, clock, logger));

    internal CheckpointStore Pages(string site, ResourceDescription description)
        => new(storage.Table(CatalogueStorage.MirrorPages), site, description);

    internal HeldRecords Held(string site, ResourceDescription description)
        => new(storage.Container(CatalogueStorage.RecordBlobs), site, description);

    internal PassLog Passes(string site, ResourceDescription description)
        => new(storage.Table(CatalogueStorage.MirrorPasses), site, description);

    internal CommandQueue Commands(string site, ResourceDescription description)
        => new(storage.Table(CatalogueStorage.MirrorCommands), site, description, clock);

    internal Task<SyncLease?> TryAcquireLeaseAsync(
        string site,
        ResourceDescription description,
        TimeSpan duration,
        CancellationToken cancellationToken
    ) => SyncLease.TryAcquireAsync(storage.Table(CatalogueStorage.MirrorState), site, description.Name, clock, duration, cancellationToken);

    /// <summary>When the last full pass ended that showed all there is, but for a few; null if there was none.</summary>
    internal async Task<DateTimeOffset?> LastFullPassAsync(
        string site,
        ResourceDescription description,
        CancellationToken cancellationToken)
        => (await FindStateAsync(site, description, cancellationToken))?.ProofCompleted;

    /// <summary>Records that are not deleted, as of the last look; 0 if there was none.</summary>
    internal async Task<int> CountAsync(string site, ResourceDescription description, CancellationToken cancellationToken)
        => (await FindStateAsync(site, description, cancellationToken))?.Records ?? 0;

    /// <summary>How the mirror of a resource stands; null before its first run.</summary>
    internal async Task<SyncStateEntity?> FindStateAsync(
        string site, ResourceDescription description, CancellationToken cancellationToken)
        => await storage
            .Table(CatalogueStorage.MirrorState)
            .GetEntityIfExistsAsync<SyncStateEntity>(site, description.Name, cancellationToken: cancellationToken)
            is { HasValue: true, Value: { } state }
            ? state
            : null;
}
