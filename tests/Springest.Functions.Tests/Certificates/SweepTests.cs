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

    /// <summary>The sweep works through a list of the drop that it has read before.</summary>
    [Fact]
    public async Task The_sidecar_of_a_corrected_file_stays_though_an_older_list_names_the_file_before_it()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 2);
        await world.DropAsync("nl/3101_an@example.test_2026-01-15.pdf", SamplePdf.Create("an"), []);
        await world.DropAsync("nl/jo.pdf", "no pdf"u8.ToArray(), CertificateDesk.Fields());
        world.Springest.Judge = _ =>
        {
            Wait(CorrectAsync);
            return null;
        };

        await world.Instances[0].SweepAsync();

        Assert.Single(world.Springest.Certificates);
        Assert.Equal(["nl/jo.pdf.json"], (await CertificateWorld.BlobsAsync(world.Containers.Drop)).Keys);

        async Task CorrectAsync()
        {
            await world.Instances[1].TakeInAsync("nl/jo.pdf");
            Assert.DoesNotContain("nl/jo.pdf", (await CertificateWorld.BlobsAsync(world.Containers.Drop)).Keys);
            await world.DropAsync("nl/jo.pdf.json", "{}"u8.ToArray(), []);
        }
    }

    private static void Wait(Func<Task> work) => Task.Run(work, Cancellation).GetAwaiter().GetResult();
}
