using System.Diagnostics;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>
/// Large files that the console sends, to a worker with little memory and a quarter of a processor. FILES and MEGABYTES ask for more of
/// them.
/// </summary>
public sealed class UploadTests(World world) : ProcessTests(world)
{
    private const int PartSize = 1024 * 1024;
    private const string HeapLimit = "0x20000000";

    // As many as the page sends at once.
    private const int AtOnce = 4;

    [Fact]
    public async Task Many_large_files_arrive_in_little_memory_and_on_a_quarter_of_a_processor()
    {
        var (files, size) = (Variable.Number("FILES", 6), Variable.Number("MEGABYTES", 3) * PartSize);
        await using var app = await World.StartAsync(
            "upload", Brisk(("DOTNET_GCHeapHardLimit", HeapLimit), ("Springest__Certificates__StartStopped", "true")));
        var worker = app.Instances[0].WorkerId;
        var clock = Stopwatch.StartNew();
        using (var brake = Process.Start(
            "sh", ["-c", $"while kill -STOP {worker}; do sleep 0.075; kill -CONT {worker}; sleep 0.025; done 2> /dev/null"]))
        {
            try
            {
                await Parallel.ForEachAsync(
                    Enumerable.Range(1, files),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
                    async (file, _) => await SendAsync(app, file, size));
            }
            finally
            {
                brake.Kill();
                using var goOn = Process.Start("kill", ["-CONT", $"{worker}"]);
                await goOn.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        Console.WriteLine(
            $"{files} files of {size / PartSize} MiB on a quarter of a processor: {clock.Elapsed.TotalSeconds:0} s, "
                + $"peak {app.Instances[0].PeakMemory / 1e6:0} MB");
        var cancellation = TestContext.Current.CancellationToken;
        var kept = await app.Drop.GetBlobsAsync(cancellationToken: cancellation)
            .Where(blob => blob.Name.EndsWith(".pdf", StringComparison.Ordinal))
            .ToDictionaryAsync(blob => blob.Name, blob => blob.Properties.ContentLength, cancellationToken: cancellation);
        Assert.Equal(files, kept.Count);
        Assert.All(kept, blob => Assert.InRange(blob.Value ?? 0, size - 2048, size));
        Assert.Single(app.Instances[0].Workers());
    }

    // As the page does: in parts of 1 MiB, and again when it is told to come again.
    private static async Task SendAsync(App app, int file, int size)
    {
        var bytes = SamplePdf.Create($"{file} {new string('x', size - 2048)}");
        var parts = (bytes.Length + PartSize - 1) / PartSize;
        var name = $"{app.Simulator.Catalogue.Certifications.Ids[0]}_p{file}%40example.test_2026-01-15_2028-01-15.pdf";
        for (var part = 1; part <= parts; part++)
        {
            var body = bytes.AsMemory()[((part - 1) * PartSize)..Math.Min(part * PartSize, bytes.Length)];
            var answer = await Eventually.SeeAsync("room for a part", async () =>
            {
                using var content = new ReadOnlyMemoryContent(body);
                var said = await app.SendAsync("POST", "api/manage/certificates/nl/files", app.Keys.Operator, content, headers =>
                {
                    headers.Add("x-file", name);
                    headers.Add("x-batch", "many");
                    headers.Add("x-part", $"{part}/{parts}");
                });
                return (int)said.Status == 503 ? null : said;
            });
            Assert.Equal(part < parts ? 202 : 201, (int)answer.Status);
        }
    }
}
