using Azure.Data.Tables;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>
/// Instances are stopped at random moments of crawls, sweeps, submissions and webhooks, as a platform stops them. The environment variables
/// SEED and STOPS choose the first seed and how many.
/// </summary>
public sealed class StopTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task Stopped_at_any_moment_nothing_fails_is_left_at_work_or_sent_twice()
    {
        var (seed, stops) = (Variable.Number("SEED", Random.Shared.Next(1_000_000)), Variable.Number("STOPS", 2));
        Console.WriteLine($"{stops} stops from seed {seed}");
        await using var app = await World.StartAsync(
            "stop-anywhere",
            // However busy the machine is, what runs is waited for, as on the platform.
            BriskMirror([("LocalHost__StopGrace", "00:01:00"), .. Work.Settings]),
            Work.Simulated);
        await app.FilledAsync();
        app.Simulator.Behaviour.Latency = new(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.4));
        var (blobs, acknowledged, atStop) = (new List<string>(), new List<long>(), 0);
        for (var stop = 0; stop < stops; stop++)
        {
            var (files, webhooks) = await Work.GiveAsync(app, new Random(seed + stop));
            blobs.AddRange(files);
            // One at least is to hit something; the others fall where they fall.
            atStop += (await Work.UnderWayAsync(app, waits: stop == stops - 1 && atStop == 0)).Count;
            Assert.Equal(0, await app.Instances[^1].StopAsync(TestContext.Current.CancellationToken));

            acknowledged.AddRange((await Task.WhenAll(webhooks)).OfType<long>());
            await NothingIsAtWorkAsync(app, seed + stop);
            await app.StartInstanceAsync();
        }

        app.Simulator.Behaviour.Latency = Latency.None;
        Assert.NotEmpty(acknowledged);
        foreach (var training in acknowledged)
            await Mirror.HasAsync(app, training);
        foreach (var blob in blobs)
            await Certificates.ReceiptAsync(app, blob);
        var posts = app.Simulator.Requests.Snapshot().Count(request => request.Method == "POST");
        Console.WriteLine(
            $"{blobs.Count} certificates in {posts} requests, {acknowledged.Count} webhooks, {atStop} requests under way at a stop");
        Assert.NotEqual(0, atStop);
        Assert.Equal(stops * Work.OfEachKind, blobs.Count);
        Assert.Equal(blobs.Count, app.Simulator.Certificates.Snapshot().Count);
        Assert.Equal(blobs.Count, posts);
    }

    private static async Task NothingIsAtWorkAsync(App app, int seed)
    {
        // But for an event that the host itself had not passed on yet, since Microsoft's binding was looking at the blob; it comes again.
        // And on a busy machine storage may answer the health check too late, which it says.
        var failed = app.Instances[^1].Said().Split('\n')
            .Where(line => line.Contains("(Failed", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal))
            .Where(line => !line.Contains("Triggers.BlobTriggerBinding.BindAsync", StringComparison.Ordinal))
            .Where(line => !line.Contains("Springest.Functions.Status.HealthCheck", StringComparison.Ordinal)).ToList();
        Assert.True(failed.Count == 0, $"seed {seed}: {string.Join('\n', failed.Take(5))}");
        Assert.Empty(await RowsAsync(app, "CertificateSubmissions", row => row.GetString("State") == "Submitting"));
        Assert.Empty(await RowsAsync(app, "MirrorState", row => row.GetString("LeaseOwner") is not null));
        // What was stored for an answer's own time and nobody has begun comes due when that is over; nothing is held for longer.
        Assert.Empty(
            await RowsAsync(
                app,
                "WebhookInbox",
                row => row.GetDateTimeOffset("NextAttempt") > TimeProvider.System.GetUtcNow().AddSeconds(4)));
    }

    private static Task<List<TableEntity>> RowsAsync(App app, string table, Func<TableEntity, bool> isSo)
        => app.Table(table).QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken).Where(isSo)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask();
}
