using Azure.Storage.Blobs;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Files that no event told of.</summary>
public sealed class SweepTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What was dropped while the app was not there is never announced to it.</summary>
    [Fact]
    public async Task A_file_whose_event_never_came_is_found_by_the_timer()
    {
        var container = $"s{Guid.NewGuid():N}"[..12];
        var drop = new BlobServiceClient(azurite.Azurite.ConnectionString).GetBlobContainerClient(container);
        await drop.CreateAsync(cancellationToken: Cancellation);
        await CertificateProcess.DropAsync(drop, "nl/jo.pdf", SamplePdf.Create("jo"), Cancellation);

        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:Container"] = container });
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Single(desk.AtSpringest);
    }
}
