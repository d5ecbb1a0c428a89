using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Drop;

/// <summary>The container that files are dropped in and its two siblings.</summary>
public sealed class CertificateContainers(BlobServiceClient blobs, IOptions<CertificatesOptions> options) : IStoragePart
{
    public BlobContainerClient Drop { get; } = blobs.GetBlobContainerClient(options.Value.Container);

    public BlobContainerClient Accepted { get; } = blobs.GetBlobContainerClient(options.Value.Container + "-accepted");

    public BlobContainerClient Rejected { get; } = blobs.GetBlobContainerClient(options.Value.Container + "-rejected");

    public Task CreateAsync(CancellationToken cancellationToken)
        => Task.WhenAll(((BlobContainerClient[])[Drop, Accepted, Rejected])
            .Select(container => container.EnsureAsync(cancellationToken)));

    /// <summary>Removes a blob for good: with its snapshots and its versions.</summary>
    internal static async Task EraseAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        await container.GetBlobClient(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, null, cancellationToken);
        await foreach (var version in container.GetBlobsAsync(BlobTraits.None, BlobStates.Version, name, cancellationToken)
            .Where(blob => blob.Name == name && blob.VersionId is not null))
            await container.GetBlobClient(name).WithVersion(version.VersionId)
                .DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }
}
