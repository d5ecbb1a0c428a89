using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>A worker that dies is replaced, and what it had acknowledged is done; after too many deaths the host gives up.</summary>
public sealed class WorkerDeathTests(World world) : ProcessTests(world)
{
    private const int Restarts = 3;

    [Fact]
    public async Task A_worker_that_is_killed_is_replaced_three_times_and_then_the_host_says_why_it_ends()
    {
        await using var app = await World.StartAsync("worker-death", Brisk(("Springest__Webhooks__LeaseDuration", "00:00:05")));
        var instance = app.Instances[0];
        var acknowledged = new List<long>();
        for (var death = 1; death <= Restarts; death++)
        {
            acknowledged.AddRange(await PostWhileItDiesAsync(app));
            await instance.WaitForLinesAsync("is ready", death + 1, TestContext.Current.CancellationToken);
        }

        foreach (var training in acknowledged)
            await Mirror.HasAsync(app, training);
        Assert.NotEmpty(acknowledged);

        instance.KillWorker();

        Assert.Equal(1, await instance.ExitAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"{Restarts}", instance.Said().TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_acknowledged_before_the_host_was_killed_is_done_by_the_next()
    {
        await using var app = await World.StartAsync("host-death", Brisk(("Springest__Webhooks__InlineBudget", "00:00:00")));
        await app.FilledAsync();
        var (file, content, email) = Certificates.Make(app);
        var trainings = Enumerable.Range(0, 10).Select(_ => Mirror.Publish(app)).ToArray();
        foreach (var training in trainings)
            await app.TellAsync(Webhook.Update(training));
        var blob = await app.DropAsync(file, content);

        app.Instances[0].Kill();
        var next = await app.StartInstanceAsync();

        foreach (var function in (string[])["ApplyWebhooks", "SweepCertificates"])
            await app.FireAsync(function);
        foreach (var training in trainings)
            await Eventually.BeAsync("the webhook is applied", async () =>
            {
                await app.FireAsync("ApplyWebhooks");
                return await Mirror.FindAsync(app, training) is not null;
            }, TimeSpan.FromMinutes(4));
        await Eventually.BeAsync("the file is filed", async () =>
        {
            await app.FireAsync("SweepCertificates");
            return await app.Accepted.GetBlobClient($"{blob}.receipt.json").ExistsAsync(TestContext.Current.CancellationToken);
        }, TimeSpan.FromMinutes(7));
        Assert.Equal(1, Certificates.Posted(app, email));
        Assert.False(next.HasExited);
    }

    private static async Task<IReadOnlyList<long>> PostWhileItDiesAsync(App app)
    {
        await app.IsWellAsync();
        var posts = Enumerable.Range(0, 20).Select(_ => PostAsync(app, Mirror.Publish(app))).ToArray();
        await Task.WhenAny(posts);
        app.Instances[0].KillWorker();
        return [.. (await Task.WhenAll(posts)).OfType<long>()];
    }

    /// <summary>The training, if its webhook was acknowledged.</summary>
    private static async Task<long?> PostAsync(App app, long training)
    {
        try
        {
            return (int)(await app.PostWebhookAsync(Webhook.Update(training))).Status == 200 ? training : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
