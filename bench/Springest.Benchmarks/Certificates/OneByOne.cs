using System.Diagnostics;
using Azure.Storage.Blobs;
using Springest.Testing.Certificates;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Benchmarks.Certificates;

/// <summary>How long after a file was dropped its receipt is there, announced by an event and found by the sweep.</summary>
internal static class OneByOne
{
    private const int Warming = 10;
    private const int Files = 100;
    private const int Unannounced = 5;

    private static readonly TimeSpan _latency = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        var (prefix, log) = ($"o{Guid.NewGuid():N}"[..12], Path.GetTempFileName());
        await using var simulator = await CertificateProcess.SimulateAsync(cancellationToken);
        simulator.Behaviour.Latency = new Latency(_latency, _latency);
        var blobs = new BlobServiceClient(azurite.ConnectionString);
        var drop = blobs.GetBlobContainerClient($"{prefix}certificates");
        await drop.CreateAsync(cancellationToken: cancellationToken);

        // An event tells of what comes while the app is there; what came before is left to the sweep.
        for (var i = 0; i < Unannounced; i++)
            await DropAsync(drop, $"nl/unannounced {i}.pdf", cancellationToken);
        await using var app = await CertificateProcess.StartAsync(
            azurite.ConnectionString,
            prefix,
            simulator,
            log,
            new() { ["Springest__Certificates__SweepSchedule"] = "*/10 * * * * *" },
            cancellationToken);
        await CertificateProcess.BeReadyAsync(azurite.ConnectionString, prefix, cancellationToken);
        var accepted = blobs.GetBlobContainerClient($"{prefix}certificates-accepted");
        var swept = Stopwatch.StartNew();
        for (var i = 0; i < Unannounced; i++)
            await ReceiptAsync(accepted, $"nl/unannounced {i}.pdf", cancellationToken);
        report.AtMost(13, "files whose event never came, with a sweep every 10 s: all accepted after", swept.Elapsed.TotalSeconds, "s");

        var times = new List<double>();
        for (var i = 0; i < Warming + Files; i++)
        {
            var watch = Stopwatch.StartNew();
            await DropAsync(drop, $"nl/{i}.pdf", cancellationToken);
            await ReceiptAsync(accepted, $"nl/{i}.pdf", cancellationToken);
            if (i >= Warming)
                times.Add(watch.Elapsed.TotalSeconds);
        }

        times.Sort();
        report.Add("drop to receipt, one file at a time, API at 50 ms: median", times[Files / 2], "s");
        report.AtMost(3, "the same, 95 %", times[Files * 95 / 100], "s");
        File.Delete(log);
    }

    private static Task DropAsync(BlobContainerClient drop, string name, CancellationToken cancellationToken)
        => CertificateProcess.DropAsync(drop, name, SamplePdf.Create(name), cancellationToken);

    private static async Task ReceiptAsync(BlobContainerClient accepted, string name, CancellationToken cancellationToken)
    {
        while (!await accepted.GetBlobClient($"{name}.receipt.json").ExistsAsync(cancellationToken))
            await Task.Delay(_look, TimeProvider.System, cancellationToken);
    }
}
