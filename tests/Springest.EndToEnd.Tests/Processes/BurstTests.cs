using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>Many large webhooks at once do not bring an app with little memory down.</summary>
public sealed class BurstTests(World world) : ProcessTests(world)
{
    private const int Senders = 50;
    private const int MaxBytes = 1024 * 1024;

    // Of the worker and of the host, each.
    private const string HeapLimit = "0x20000000";

    [Fact]
    public async Task Fifty_bodies_of_the_largest_size_at_once_are_taken_or_told_to_come_again()
    {
        await using var app = await World.StartAsync("burst", Brisk(("DOTNET_GCHeapHardLimit", HeapLimit)));
        foreach (var isChunked in (bool[])[true, false])
            await BurstAsync(app, isChunked);
        // It never died: there was no second worker.
        Assert.Single(app.Instances[0].Workers());
    }

    private static async Task BurstAsync(App app, bool isChunked)
    {
        var trainings = Enumerable.Range(0, Senders).Select(_ => Mirror.Publish(app)).ToArray();

        var answers = await Task.WhenAll(trainings.Select(async training =>
        {
            var body = Webhook.OfSize(training, MaxBytes);
            using HttpContent content = isChunked ? new ChunkedContent(body) : new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            return (training, answer: await app.SendAsync("POST", "api/webhooks/nl/trainings", app.Keys.Function, content));
        }));

        Console.WriteLine(
            $"50 bodies of 1 MiB at once, {(isChunked ? "chunked" : "with length")}: "
                + $"{string.Join(", ", answers.CountBy(each => (int)each.answer.Status).Select(count => $"{count.Value} x {count.Key}"))}");
        Assert.All(answers, each => Assert.Contains((int)each.answer.Status, (int[])[200, 413, 429, 503]));
        Assert.All(answers.Where(each => (int)each.answer.Status == 503), each => Assert.NotNull(each.answer.Header("Retry-After")));
        Assert.Contains(answers, each => (int)each.answer.Status == 200);
        foreach (var (training, _) in answers.Where(each => (int)each.answer.Status == 200))
            await Mirror.HasAsync(app, training);
        Assert.Equal(200, (int)(await app.SendAsync("GET", "api/health")).Status);
    }
}
