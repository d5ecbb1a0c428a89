using Azure;
using Azure.Storage.Blobs;
using Springest.Functions.Certificates;
using Springest.Simulator;

namespace Springest.Demo;

/// <summary>Drops the files of <see cref="CertificateFile"/> and waits until each has a receipt or a rejection beside it.</summary>
internal static class CertificateStep
{
    public static async Task<IReadOnlyList<(CertificateFile File, CertificateReport Report)>> RunAsync(
        BlobServiceClient blobs, DemoFolder folder, SimulatorServer simulator, CancellationToken cancellationToken)
    {
        var files = CertificateFile.Make(
            [.. simulator.Catalogue.Certifications.Snapshot().Select(record => record.ToObject())
                .Select(record => ((long)record["id"]!, (bool)record["requires_valid_until"]!))]);
        var drop = blobs.GetBlobContainerClient(DemoSettings.Container);
        if (!folder.State.FilesDropped)
        {
            foreach (var file in files)
                await drop.GetBlobClient($"{DemoSettings.Site}/{file.Name}").UploadAsync(new BinaryData(file.Content), overwrite: true, cancellationToken);
            folder.Save(folder.State with { FilesDropped = true });
        }

        return await Task.WhenAll(files.Select(async file => (file, await ReportAsync(blobs, file, cancellationToken))));
    }

    private static async Task<CertificateReport> ReportAsync(BlobServiceClient blobs, CertificateFile file, CancellationToken cancellationToken)
    {
        var accepted = blobs.GetBlobContainerClient($"{DemoSettings.Container}-accepted").GetBlobClient($"{DemoSettings.Site}/{file.Name}.receipt.json");
        var rejected = blobs.GetBlobContainerClient($"{DemoSettings.Container}-rejected").GetBlobClient($"{DemoSettings.Site}/{file.Name}.rejection.json");
        while (true)
        {
            if (await TryReadAsync(accepted, cancellationToken) is { } receipt)
                return receipt;
            if (await TryReadAsync(rejected, cancellationToken) is { } rejection)
                return rejection;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<CertificateReport?> TryReadAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var content = await blob.DownloadContentAsync(cancellationToken);
            return CertificateReport.FromJson(content.Value.Content.ToString());
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }
}
