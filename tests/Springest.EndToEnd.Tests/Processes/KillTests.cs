using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>
/// Workers are killed at random moments of crawls, submissions and webhooks; each fifth time, and the first, host and worker together. The
/// environment variables SEED and KILLS choose the first seed and the number of kills.
/// </summary>
public sealed class KillTests(World world) : ProcessTests(world)
{
    private const int InstanceEvery = 5;

    [Fact]
    public async Task Killed_at_any_moment_nothing_is_lost_or_done_twice()
    {
        var (seed, kills) = (Variable.Number("SEED", Random.Shared.Next(1_000_000)), Variable.Number("KILLS", 3));
        Console.WriteLine($"{kills} kills from seed {seed}");
        await using var app = await World.StartAsync(
            $"kill-anywhere-{seed}",
            BriskMirror([
                ("LocalHost__MaxRestarts", $"{kills}"),
                // Who is killed does not give its permits back.
                ("Springest__Quota__Limit", "65000"),
                ("Springest__Mirror__LeaseDuration", "00:00:03"),
                ("Springest__Webhooks__LeaseDuration", "00:00:03"),
                ("Springest__Certificates__LeaseDuration", "00:00:03"),
                ("Springest__Certificates__RetryDelay", "00:00:00"),
                .. Work.Settings,
            ]),
            Work.Simulated);
        await app.FilledAsync();
        app.Simulator.Behaviour.Latency = new(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.4));
        var (blobs, acknowledged, atWork) = (new List<string>(), new List<long>(), (Pass: 0, Webhooks: 0, Files: 0));
        for (var kill = 0; kill < kills; kill++)
        {
            var (files, webhooks) = await Work.GiveAsync(app, new Random(seed + kill));
            blobs.AddRange(files);
            var holders = await Mirror.HoldersAsync(app);
            // One at least is to hit something; the others fall where they fall.
            var underWay = await Work.UnderWayAsync(app, waits: kill == kills - 1 && atWork == default);

            var (instance, workers) = (app.Instances[^1], app.Instances[^1].Workers().Count);
            var endsInstance = kill % InstanceEvery == 0;
            if (endsInstance)
                instance.Kill();
            else
                instance.KillWorker();
            await Mirror.EndLeasesAsync(app, holders);
            if (endsInstance)
                await app.StartInstanceAsync();
            else
                await instance.WaitForLinesAsync("is ready", workers + 1, TestContext.Current.CancellationToken);
            acknowledged.AddRange((await Task.WhenAll(webhooks)).OfType<long>());
            atWork.Pass += underWay.Any(Work.IsOfPass) ? 1 : 0;
            atWork.Webhooks += underWay.Any(Work.IsOfWebhook) ? 1 : 0;
            atWork.Files += underWay.Any(Work.IsOfFile) ? 1 : 0;
        }

        Console.WriteLine($"{blobs.Count} files, {acknowledged.Count} webhooks acknowledged; requests under way at a kill: {atWork}");
        Assert.NotEqual(default, atWork);
        app.Simulator.Behaviour.Latency = Latency.None;
        // The timers of an instance that was killed are locked for two minutes.
        foreach (var timer in (string[])["ApplyWebhooks", "CrawlSubjects"])
            await app.FireAsync(timer);
        foreach (var training in acknowledged)
            await Mirror.HasAsync(app, training);
        await Mirror.BecomesEqualAsync(app, "Subjects");
        foreach (var table in (string[])["Trainings", "Subjects"])
            await EachIsCreatedOnceAsync(app, table);

        var decided = 0;
        await Eventually.BeAsync("nothing is left in the drop", async () =>
        {
            await app.FireAsync("SweepCertificates");
            decided += await DecideAsync(app);
            return !await app.Drop.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken)
                .AnyAsync(TestContext.Current.CancellationToken);
        });
        Console.WriteLine($"{decided} files of which the app could not know whether they had arrived were decided");
        foreach (var blob in blobs)
            await Certificates.ReceiptAsync(app, blob);
        var posted = app.Simulator.Certificates.Snapshot();
        Assert.Equal(blobs.Count, posted.Count);
        Assert.Equal(blobs.Count, posted.DistinctBy(certificate => certificate.Sha256).Count());
    }

    /// <summary>The feed says of each record that it was created, once, and nothing else.</summary>
    private static async Task EachIsCreatedOnceAsync(App app, string table)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var rows = await app.Table(table).QueryAsync<TableEntity>(cancellationToken: cancellation)
            .Select(row => $"Created {long.Parse(row.RowKey, CultureInfo.InvariantCulture)}").ToListAsync(cancellation);
        List<string> changes = [];
        await Eventually.BeAsync($"all {table} are in the feed", async () =>
        {
            changes = await app.Table("Changes").QueryAsync<TableEntity>(cancellationToken: cancellation)
                .Where(change => change.PartitionKey == $"{App.Site}:{table}")
                .Select(change => $"{change.GetString("Change")} {change.GetInt64("Id")}").ToListAsync(cancellation);
            return changes.Count >= rows.Count;
        });
        Assert.Equal(rows.Order(), changes.Order());
    }

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
