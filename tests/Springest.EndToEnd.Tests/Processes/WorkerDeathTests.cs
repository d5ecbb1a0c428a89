using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>A worker that dies is replaced, and what it had acknowledged is done; after too many deaths the host gives up.</summary>
public sealed class WorkerDeathTests(World world) : ProcessTests(world)
{
    private const int Restarts = 3;

    [Fact]
    public async Task A_worker_that_is_killed_is_replaced_three_times_and_then_the_host_says_why_it_ends()
    {
        await using var app = await World.StartAsync(
            "worker-death",
            // Only the webhooks bring their trainings.
            Brisk(("Springest__Webhooks__LeaseDuration", "00:00:05"), ("Springest__Mirror__Trainings__Schedule", OnceAYear)));
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
        Assert.Contains($"more than {Restarts} times", instance.Said().TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<long>> PostWhileItDiesAsync(App app)
    {
        await app.IsWellAsync();
        var posts = Enumerable.Range(0, 20).Select(_ => Work.PostAsync(app, Mirror.Publish(app))).ToArray();
        await Task.WhenAny(posts);
        app.Instances[0].KillWorker();
        return [.. (await Task.WhenAll(posts)).OfType<long>()];
    }
}
