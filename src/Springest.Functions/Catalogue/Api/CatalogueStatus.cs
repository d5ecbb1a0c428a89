using Springest.Functions.Catalogue.State;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Api;

/// <summary>How the mirror stands, of all sites and resources, for people to look at.</summary>
public sealed class CatalogueStatus(AppStorage storage)
{
    public IAsyncEnumerable<ResourceStatus> ReadAsync(CancellationToken cancellationToken)
        => storage
            .Table(CatalogueStorage.MirrorState)
            .QueryAsync<SyncStateEntity>(cancellationToken: cancellationToken)
            .Select(ResourceStatus.Of);
}
