using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Reports;
using Springest.Simulator;

namespace Springest.Tools.Demo;

/// <summary>Drops the files of <see cref="CertificateFile"/> and waits until each has a receipt or a rejection.</summary>
internal sealed class CertificateStep(BlobServiceClient blobs, SimulatorServer simulator)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<CertificateFile> _files = CertificateFile.Make(
        [.. simulator.Catalogue.Certifications.Snapshot().Select(record => record.ToObject())
            .Select(record => ((long)record["id"]!, (bool)record["requires_valid_until"]!))]);

    private readonly HashSet<string> _dropped = [];
    private readonly Dictionary<string, CertificateReport> _reports = [];

    /// <summary>Drops the files, but for the copies, as soon as the app has made its containers.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        foreach (var ending in (string[])["", "-accepted", "-rejected"])
            while (!await blobs.GetBlobContainerClient(DemoSettings.Container + ending).ExistsAsync(cancellationToken))
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        await ReadReportsAsync(cancellationToken);
        await DropDueAsync(cancellationToken);
    }

    /// <summary>Waits for what becomes of them, and drops the copies meanwhile.</summary>
    /// <param name="tell">Gets how many are done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Each file with its report; without one if that did not come.</returns>
    public async Task<IReadOnlyList<(CertificateFile File, CertificateReport? Report)>> RunAsync(
        Action<string> tell,
        CancellationToken cancellationToken)
    {
        var lastReport = Stopwatch.GetTimestamp();
        await ReadReportsAsync(cancellationToken);
        while (!_files.All(IsDone) && Stopwatch.GetElapsedTime(lastReport) < Patience)
        {
            await DropDueAsync(cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            if (await ReadReportsAsync(cancellationToken))
                lastReport = Stopwatch.GetTimestamp();
            tell($"{_files.Count(IsDone)} of {_files.Count}");
        }

        return [.. _files.Select(file => (file, _reports.GetValueOrDefault(file.Name)))];
    }

    private bool IsDone(CertificateFile file) => _reports.ContainsKey(file.Name);

    // A copy waits for its original: of two that are worked on at the same time, either may be the first.
    private async Task DropDueAsync(CancellationToken cancellationToken)
    {
        foreach (
            var file in _files.Where(file =>
                !IsDone(file) && (file.CopyOf is null || _reports.ContainsKey(file.CopyOf)) && _dropped.Add(file.Name)))
            await DropAsync(file, cancellationToken);
    }

    private async Task DropAsync(CertificateFile file, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.GetBlobContainerClient(DemoSettings.Container).GetBlobClient($"{DemoSettings.Site}/{file.Name}")
                .UploadAsync(new BinaryData(file.Content), overwrite: false, cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // Dropped by an earlier demo, and not done yet.
        }
    }

    /// <returns>Whether there was a new one.</returns>
    private async Task<bool> ReadReportsAsync(CancellationToken cancellationToken)
    {
        var known = _reports.Count;
        foreach (var (outcome, ending) in (IEnumerable<(string, string)>)[("accepted", ".receipt.json"), ("rejected", ".rejection.json")])
        {
            var container = blobs.GetBlobContainerClient($"{DemoSettings.Container}-{outcome}");
            await foreach (
                var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{DemoSettings.Site}/", cancellationToken))
            {
                if (!blob.Name.EndsWith(ending, StringComparison.Ordinal))
                    continue;
                var name = blob.Name[$"{DemoSettings.Site}/".Length..^ending.Length];
                if (_reports.ContainsKey(name))
                    continue;
                var content = await container.GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken);
                _reports.Add(name, CertificateReport.FromJson(content.Value.Content.ToString()));
            }
        }

        return _reports.Count > known;
    }
}
