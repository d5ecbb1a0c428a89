using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Springest.Testing.Certificates;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Benchmarks.Certificates;

/// <summary>
/// A thousand files in a moment, each announced to two instances of the app, while the sweeps of both go through them as well.
/// </summary>
internal static class AllAtOnce
{
    private const int Files = 1000;

    private const int SmallSize = 60_000;
    private const int LargeSize = 3_000_000;

    private const int Limit = 400;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        var prefix = $"a{Guid.NewGuid():N}"[..12];
        await using var simulator = await CertificateProcess.SimulateAsync(cancellationToken);
        simulator.Behaviour.RateLimit = new RateLimit { Limit = Limit, Window = _window, Kind = RateLimitKind.Trailing };
        await using var proxy = await StorageProxy.StartAsync(azurite, cancellationToken);
        var read = new ConcurrentDictionary<string, long>();
        proxy.Exchange = (request, send) => ExchangeAsync(read, $"/{prefix}certificates/nl/", request, send);
        await using var one = await StartAsync(proxy, prefix, simulator, cancellationToken);
        await using var other = await StartAsync(proxy, prefix, simulator, cancellationToken);
        await CertificateProcess.BeReadyAsync(azurite.ConnectionString, prefix, cancellationToken);

        report.Add("memory of an instance before any file", Math.Max(one.PeakMemory, other.PeakMemory) / 1e6, "MB");
        var watch = Stopwatch.StartNew();
        var sizes = await DropAsync(azurite, prefix, cancellationToken);
        var accepted = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"{prefix}certificates-accepted");
        var done = 0;
        while (done < Files && watch.Elapsed < _patience)
        {
            await Task.Delay(_look, TimeProvider.System, cancellationToken);
            done = await accepted.GetBlobsAsync(cancellationToken: cancellationToken)
                .CountAsync(blob => blob.Name.EndsWith(".receipt.json", StringComparison.Ordinal), cancellationToken);
        }

        var posted = simulator.Certificates.Snapshot();
        report.AtLeast(Files, "1,000 files at once, two instances: accepted", done, "files");
        report.Add("time for that, with a quota of 400 requests in 10 s", watch.Elapsed.TotalSeconds, "s");
        report.AtMost(
            0,
            "of these submitted twice",
            posted.Count - posted.Select(certificate => certificate.Sha256).Distinct().Count(),
            "certificates");
        report.AtMost(Limit, "the most requests in any 10 s", simulator.Requests.MostWithin(_window), "requests");
        report.AtMost(
            2,
            "the most that a file was read",
            sizes.Max(file => read.GetValueOrDefault(file.Key) / (double)file.Value),
            "times");
        report.AtMost(150, "the most memory that an instance had", Math.Max(one.PeakMemory, other.PeakMemory) / 1e6, "MB");
        File.Delete(one.LogFile);
        File.Delete(other.LogFile);
    }

    private static Task<AppProcess> StartAsync(
        StorageProxy proxy,
        string prefix,
        SimulatorServer simulator,
        CancellationToken cancellationToken
    ) => CertificateProcess.StartAsync(proxy.ConnectionString, prefix, simulator, Path.GetTempFileName(), Settings(), cancellationToken);

    private static Dictionary<string, string> Settings() => new()
    {
        ["Springest__Quota__Limit"] = $"{Limit}",
        ["Springest__Quota__Window"] = $"{_window}",
        ["Springest__Quota__GrantLife"] = "00:00:01",
        ["Springest__Sites__nl__AttemptTimeout"] = "00:00:01",
        ["Springest__Quota__BlockTime"] = "00:00:01",
        ["Springest__Certificates__SweepSchedule"] = "*/10 * * * * *",
        ["Springest__Certificates__RetryDelay"] = "00:00:05",
    };

    /// <summary>Counts the bytes that are read of each file.</summary>
    private static async Task<HttpResponseMessage?> ExchangeAsync(
        ConcurrentDictionary<string, long> read, string drop, HttpRequest request, Func<Task<HttpResponseMessage>> send)
    {
        var answer = await send();
        if (
            request.Method == "GET"
            && answer.IsSuccessStatusCode
            && request.Path.Value!.IndexOf(drop, StringComparison.Ordinal) is var at and >= 0)
            read.AddOrUpdate(
                request.Path.Value[(at + drop.Length - 3)..],
                answer.Content.Headers.ContentLength ?? 0,
                (_, before) => before + (answer.Content.Headers.ContentLength ?? 0));
        return answer;
    }

    /// <returns>The files and their sizes.</returns>
    private static async Task<ConcurrentDictionary<string, int>> DropAsync(
        Azurite azurite,
        string prefix,
        CancellationToken cancellationToken)
    {
        var drop = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"{prefix}certificates");
        var files = new ConcurrentDictionary<string, int>();
        await Parallel.ForAsync(
            0,
            Files,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (number, token)
            => {
                var name = $"nl/{number}.pdf";
                byte[] pdf = [.. SamplePdf.Create(name), .. new byte[number % 20 == 0 ? LargeSize : SmallSize], .. "\n%%EOF"u8];
                files[name] = pdf.Length;
                await CertificateProcess.DropAsync(drop, name, pdf, token);
            });
        return files;
    }
}
