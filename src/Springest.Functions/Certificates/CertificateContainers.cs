using Azure.Storage.Blobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Certificates;

/// <summary>The container that files are dropped in and its two siblings, made on start.</summary>
public sealed class CertificateContainers(BlobServiceClient blobs, IOptions<CertificatesOptions> options) : IHostedService
{
    public BlobContainerClient Drop { get; } = blobs.GetBlobContainerClient(options.Value.Container);

    public BlobContainerClient Accepted { get; } = blobs.GetBlobContainerClient(options.Value.Container + "-accepted");

    public BlobContainerClient Rejected { get; } = blobs.GetBlobContainerClient(options.Value.Container + "-rejected");

    public Task StartAsync(CancellationToken cancellationToken)
        => Task.WhenAll(((BlobContainerClient[])[Drop, Accepted, Rejected])
            .Select(container => container.CreateIfNotExistsAsync(cancellationToken: cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
