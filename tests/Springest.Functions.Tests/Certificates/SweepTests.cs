using Azure.Storage.Blobs;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Files that no event told of.</summary>
public sealed class SweepTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What was dropped while the app was not there is never announced to it.</summary>
    [Fact]
    public async Task A_file_whose_event_never_came_is_found_by_the_timer()
    {
        var (storage, prefix, log) = (azurite.Azurite.ConnectionString, $"s{Guid.NewGuid():N}"[..12], Path.GetTempFileName());
        await using var simulator = await CertificateProcess.SimulateAsync(Cancellation);
        var blobs = new BlobServiceClient(storage);
        var drop = blobs.GetBlobContainerClient($"{prefix}certificates");
        await drop.CreateAsync(cancellationToken: Cancellation);
        await CertificateProcess.DropAsync(drop, "nl/jo.pdf", SamplePdf.Create("jo"), Cancellation);

        await using var app = await CertificateProcess.StartAsync(storage, prefix, simulator, log, cancellationToken: Cancellation);
        var receipt = blobs.GetBlobContainerClient($"{prefix}certificates-accepted").GetBlobClient("nl/jo.pdf.receipt.json");
        await Eventually.BeAsync(async () => await receipt.ExistsAsync(Cancellation));

        Assert.Single(simulator.Certificates.Snapshot());
        File.Delete(log);
    }
}
