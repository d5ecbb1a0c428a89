using System.Diagnostics;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>
/// An app with little memory: large files that the console sends, while the worker has a quarter of a processor, and then many large
/// webhooks at once. FILES and MEGABYTES ask for more of the files.
/// </summary>
public sealed class LittleMemoryTests(World world) : ProcessTests(world)
{
    private const int PartSize = 1024 * 1024;
    private const int MaxBytes = 1024 * 1024;
    private const int Senders = 50;

    // Of the worker and of the host, each.
    private const string HeapLimit = "0x20000000";

    // As many as the page sends at once.
    private const int AtOnce = 4;

    [Fact]
    public async Task Many_large_files_arrive_and_fifty_large_webhooks_are_taken_or_told_to_come_again()
    {
        await using var app = await World.StartAsync(
            "little-memory", Brisk(("DOTNET_GCHeapHardLimit", HeapLimit), ("Springest__Certificates__StartStopped", "true")));
        await UploadAsync(app);
        foreach (var isChunked in (bool[])[true, false])
            await BurstAsync(app, isChunked);
        // It never died: there was no second worker.
        Assert.Single(app.Instances[0].Workers());
    }

    private static async Task UploadAsync(App app)
    {
        var (files, size) = (Variable.Number("FILES", 6), Variable.Number("MEGABYTES", 3) * PartSize);
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
    }

    private static async Task BurstAsync(App app, bool isChunked)
    {
        var trainings = Enumerable.Range(0, Senders).Select(_ => Mirror.Publish(app)).ToArray();

        var answers = await Task.WhenAll(trainings.Select(async training => (training, answer: await PostAsync(training))));

        Console.WriteLine(
            $"50 bodies of 1 MiB at once, {(isChunked ? "chunked" : "with length")}: "
                + $"{string.Join(", ", answers.CountBy(each => (int)each.answer.Status).Select(count => $"{count.Value} x {count.Key}"))}");
        Assert.All(answers, each => Assert.Contains((int)each.answer.Status, (int[])[200, 503]));
        Assert.All(answers.Where(each => (int)each.answer.Status == 503), each => Assert.NotNull(each.answer.Header("Retry-After")));
        Assert.Contains(answers, each => (int)each.answer.Status == 200);
        // The answer 503 asks Springest to send the webhook again.
        await Task.WhenAll(answers.Where(each => (int)each.answer.Status == 503)
            .Select(each => App.TellAsync(() => PostAsync(each.training))));
        foreach (var training in trainings)
            await Mirror.HasAsync(app, training);
        Assert.Equal(200, (int)(await app.SendAsync("GET", "api/health")).Status);

        async Task<Answer> PostAsync(long training)
        {
            var body = Webhook.OfSize(training, MaxBytes);
            using HttpContent content = isChunked ? new ChunkedContent(body) : new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            return await app.SendAsync("POST", "api/webhooks/nl/trainings", app.Keys.Function, content);
        }
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
