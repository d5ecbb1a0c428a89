using System.Net;
using Azure.Data.Tables;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>
/// Workers, and now and then a whole instance, are killed at random moments of crawls, submissions and webhooks. The environment
/// variables SEED and KILLS choose the first seed and how many; one in five is of a whole instance.
/// </summary>
public sealed class KillTests(World world) : ProcessTests(world)
{
    private const int KillsForEachInstance = 5;

    [Fact]
    public async Task Killed_at_any_moment_nothing_is_lost_or_done_twice()
    {
        var (seed, kills) = (Variable.Number("SEED", Random.Shared.Next(1_000_000)), Variable.Number("KILLS", 3));
        Console.WriteLine($"{kills} kills from seed {seed}");
        await using var app = await World.StartAsync(
            $"kill-anywhere-{seed}",
            Brisk([
                ("LocalHost__MaxRestarts", $"{kills}"),
                // What dies with its grants of requests does not give them back.
                ("Springest__Quota__Limit", "65000"),
                ("Springest__Mirror__LeaseDuration", "00:00:03"),
                ("Springest__Webhooks__LeaseDuration", "00:00:03"),
                ("Springest__Certificates__LeaseDuration", "00:00:03"),
                ("Springest__Certificates__RetryDelay", "00:00:00"),
                .. Mirror.Tables.Select(table => ($"Springest__Mirror__{table}__FullPassInterval", "00:00:00")),
            ]),
            App.Simulated with { Trainings = 600 });
        await app.FilledAsync();
        app.Simulator.Behaviour.Latency = new(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.4));
        var (blobs, acknowledged, atWork) = (new List<string>(), new List<long>(), (Crawls: 0, Webhooks: 0, Files: 0));
        for (var kill = 0; kill < kills; kill++)
        {
            var (files, webhooks) = await Work.GiveAsync(app, new Random(seed + kill));
            blobs.AddRange(files);
            var underWay = app.Simulator.Requests.Snapshot().Where(request => request.Status is null).ToList();
            if (kill % KillsForEachInstance == 0)
            {
                app.Instances[^1].Kill();
                await Mirror.EndLeasesAsync(app);
                await app.StartInstanceAsync();
            }
            else
            {
                var workers = app.Instances[^1].Workers().Count;
                app.Instances[^1].KillWorker();
                await Mirror.EndLeasesAsync(app);
                await app.Instances[^1].WaitForLinesAsync("is ready", workers + 1, TestContext.Current.CancellationToken);
            }

            acknowledged.AddRange((await Task.WhenAll(webhooks)).OfType<long>());
            atWork.Crawls += underWay.Any(request => request.Path == "/trainings.json") ? 1 : 0;
            atWork.Webhooks += underWay.Any(request => request.Path.StartsWith("/trainings/", StringComparison.Ordinal)) ? 1 : 0;
            atWork.Files += underWay.Any(request => request.Method == "POST") ? 1 : 0;
        }

        Console.WriteLine($"{blobs.Count} files, {acknowledged.Count} webhooks acknowledged; requests under way at a kill: {atWork}");
        app.Simulator.Behaviour.Latency = Latency.None;
        // The timers of an instance that was killed are locked for two minutes.
        foreach (var timer in (string[])["ApplyWebhooks", "CrawlTrainings"])
            await app.FireAsync(timer);
        foreach (var training in acknowledged)
            await Mirror.HasAsync(app, training);
        await Mirror.BecomesEqualAsync(app, "Trainings");
        var trainings = app.Simulator.Catalogue.Trainings;
        await Eventually.BeAsync(
            "all changes are in the feed", async () => (await ChangesAsync(app)).Count >= trainings.Count);
        Assert.Equal(trainings.Ids.Select(id => $"Created {id}").Order(), (await ChangesAsync(app)).Order());

        var decided = 0;
        await Eventually.BeAsync("nothing is left in the drop", async () =>
        {
            await app.FireAsync("SweepCertificates");
            decided += await DecideAsync(app);
            return !await app.Drop.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken)
                .AnyAsync(TestContext.Current.CancellationToken);
        }, TimeSpan.FromMinutes(10));
        Console.WriteLine($"{decided} files whose answer was lost were decided");
        foreach (var blob in blobs)
            await Certificates.ReceiptAsync(app, blob);
        var posted = app.Simulator.Certificates.Snapshot();
        Assert.Equal(blobs.Count, posted.Count);
        Assert.Equal(blobs.Count, posted.DistinctBy(certificate => certificate.Sha256).Count());
    }

    private static Task<List<string>> ChangesAsync(App app)
        => app.Table("Changes").QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .Where(change => change.PartitionKey == $"{App.Site}:Trainings")
            .Select(change => $"{change.GetString("Change")} {change.GetInt64("Id")}")
            .ToListAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>Looks up at Springest, as a person would, what the app cannot know, and decides it.</summary>
    private static async Task<int> DecideAsync(App app)
    {
        var decided = 0;
        var doubts = (await app.GetAsync("api/certificates?state=OutcomeUnknown&top=200")).Json.GetProperty("items");
        foreach (var doubt in doubts.EnumerateArray())
        {
            var there = app.Simulator.Certificates.Snapshot()
                .FirstOrDefault(certificate => certificate.Sha256 == doubt.GetProperty("contentHash").GetString());
            var order = there is null ? "retry" : $"accept?id={there.Id}";
            var answer = await app.SendAsync(
                "POST", $"api/manage/certificates/{App.Site}/{doubt.GetProperty("submission")}/{order}", app.Keys.Operator);
            // Or the app is at it again itself.
            Assert.Contains((int)answer.Status, (int[])[204, 409]);
            decided += answer.Status is HttpStatusCode.NoContent ? 1 : 0;
        }

        return decided;
    }
}
