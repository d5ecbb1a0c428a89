using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

/// <summary>How the mirror stands, of all sites and resources, for people to look at.</summary>
public sealed class MirrorStatus(AppStorage storage)
{
    public IAsyncEnumerable<ResourceStatus> ReadAsync(CancellationToken cancellationToken)
        => storage.Table(Tables.MirrorState).QueryAsync<MirrorStateEntity>(cancellationToken: cancellationToken).Select(ResourceStatus.Of);
}
