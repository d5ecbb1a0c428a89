using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Exports;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror's tables, seen as one site's records of one resource.</summary>
public sealed class CatalogueStore(AppStorage storage, MirrorMetrics metrics, TimeProvider clock, ILogger<CatalogueStore> logger)
{
    // Kept, as each remembers what it has seen.
    private readonly ConcurrentDictionary<(string Site, string Resource), FieldLog> _fields = new();

    internal RecordTable Records(string site, ResourceDescription description) => new(
        storage.Table(description.Name),
        storage.Container(Containers.CatalogueRecords),
        Changes(site, description),
        site,
        description,
        metrics,
        clock,
        logger);

    internal ChangeLog Changes(string site, ResourceDescription description) => new(storage.Table(Tables.Changes), site, description, clock);

    internal CatalogueExport Export(string site, ResourceDescription description)
        => new(storage.Container(Containers.CatalogueExports), Records(site, description), site, description, clock);

    internal FieldLog Fields(string site, ResourceDescription description)
        => _fields.GetOrAdd((site, description.Name), _ => new FieldLog(storage.Table(Tables.MirrorFields), site, description, clock, logger));

    internal PageLog Pages(string site, ResourceDescription description) => new(storage.Table(Tables.MirrorPages), site, description);

    internal MirrorOrders Orders(string site, ResourceDescription description) => new(storage.Table(Tables.MirrorOrders), site, description, clock);

    internal Task<RunLock?> TryLockAsync(string site, ResourceDescription description, TimeSpan duration, CancellationToken cancellationToken)
        => RunLock.TryAcquireAsync(storage.Table(Tables.MirrorState), site, description.Name, clock, duration, cancellationToken);

    /// <summary>When the last whole full pass ended; null if there was none.</summary>
    internal async Task<DateTimeOffset?> LastFullPassAsync(string site, ResourceDescription description, CancellationToken cancellationToken)
        => await storage.Table(Tables.MirrorState).GetEntityIfExistsAsync<MirrorStateEntity>(site, description.Name, cancellationToken: cancellationToken)
            is { HasValue: true, Value: { } state } ? state.FullCompleted : null;
}
