using System.Diagnostics;
using Azure.Storage.Blobs.Models;
using Springest.Testing.Certificates;
using Springest.Testing;

namespace Springest.Benchmarks.Certificates;

/// <summary>A sweep through a hundred thousand files that all wait, on storage in memory: what it takes beside the storage.</summary>
internal static class LargeDrop
{
    private const int Files = 100_000;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var pdf = SamplePdf.Create("x");
        for (var i = 0; i < Files; i++)
            await world.DropAsync($"nl/{i}.pdf", pdf, []);
        // Each is noted as waiting the first time; from then on a sweep only looks.
        await world.Instances[0].SweepAsync();

        var watch = Stopwatch.StartNew();
        var swept = await MostAsync(() => world.Instances[0].SweepAsync(), cancellationToken);
        report.Add("a sweep through 100,000 files that wait, storage in memory", watch.Elapsed.TotalSeconds, "s");
        var held = await MostAsync(
            async ()
                => GC.KeepAlive(
                    await world
                        .Containers.Drop.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancellationToken)
                        .ToListAsync(cancellationToken)),
            cancellationToken);
        report.Add("memory that holding their list would take", held, "MB");
        report.AtMost(held / 4, "memory that the sweep takes", swept, "MB");
    }

    /// <summary>The most memory in use while something goes on, beyond what was before.</summary>
    private static async Task<double> MostAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        var working = Task.Run(work, cancellationToken);
        while (!working.IsCompleted)
        {
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            await Task.WhenAny(working, Task.Delay(_interval, TimeProvider.System, cancellationToken));
        }

        await working;
        return (most - before) / 1e6;
    }
}
