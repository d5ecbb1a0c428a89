using Azure.Storage.Blobs;
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
}
