using System.Diagnostics;
using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Hosting;

/// <summary>
/// An instance is told to stop while it is at work: it ends in order and in time, and leaves everything so that whoever comes next can go
/// on at once.
/// </summary>
public sealed class StopTests(AzuriteFixture azurite)
{
    // What does not end by itself waits for ten minutes, and what does ends within five seconds; not so on a busy machine.
    private static readonly TimeSpan InTime = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string?> Patient = new()
    {
        ["Springest:Sites:nl:AttemptTimeout"] = "00:10:00",
        ["Springest:Sites:nl:Deadline"] = "00:10:00",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pass_applies_what_it_is_fetching_and_goes_on_at_once_elsewhere()
    {
        // Nothing is answered before its clock is moved on.
        var time = new FakeTimeProvider();
        await using var app = await TestApp.StartAsync(
            azurite.Azurite, new() { Trainings = 900, Subjects = 3, Certifications = 3, TimeProvider = time }, settings: Patient);
        app.Simulator.Behaviour.Latency = Slow(0.3);
        using var stop = new CancellationTokenSource();
        var tick = app.Get<CatalogueSync>().TickAsync(new(TestApp.Site, Trainings.Description), stop.Token, Cancellation);
        await AdvanceUntilAsync(time, app.Simulator.Requests.WaitForAsync(request => request.Parameter("offset") is "60", Cancellation));

        await stop.CancelAsync();

        await AdvanceUntilAsync(time, tick);
        Assert.Equal(SyncOutcome.Unfinished, await tick);
        var state = await StateAsync(app);
        Assert.Null(state.LeaseOwner);
        Assert.Equal(Offsets(app).Count * 30, state.PassOffset);
        Assert.InRange(state.PassOffset, 90, 870);
        app.Simulator.Behaviour.Latency = Latency.None;
        await app.FireAsync("CrawlTrainings");
        Assert.NotNull((await StateAsync(app)).FullCompleted);
        Assert.Equal(Enumerable.Range(0, 30).Select(page => page * 30), Offsets(app).Order());
    }

    [Fact]
    public async Task A_pass_whose_requests_are_not_answered_ends_in_time()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        office.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall, Path = "/trainings" });
        var instance = await office.AnotherInstanceAsync(Patient);
        var crawl = instance.FireAsync("CrawlTrainings");
        await office.Simulator.Requests.WaitForAsync(
            request => request.Path.StartsWith("/trainings", StringComparison.Ordinal),
            Cancellation);

        await StopAsync(instance);

        await crawl;
        var state = await StateAsync(office);
        Assert.Null(state.LeaseOwner);
        Assert.Null(state.Problem);
    }

    [Fact]
    public async Task An_execution_that_the_host_cancels_has_not_failed()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        app.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall });
        using var host = new CancellationTokenSource();
        await app.DropAsync("jo.pdf", CertificateDesk.Pdf("jo"), CertificateDesk.Fields());
        string[] timers = ["CrawlTrainings", "CrawlSubjects", "SweepCertificates", "VerifyCertificates", "ApplyWebhooks", "Measure"];
        var executions = timers.Select(timer => app.FireAsync(timer, host.Token)).ToList();
        await app.Simulator.Requests.WaitForAsync(_ => true, Cancellation);

        await host.CancelAsync();

        await Task.WhenAll(executions);
        Assert.DoesNotContain(app.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_was_not_sent_is_given_back()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf");
        // For want of a permit it waits, with its claim. Its key is its own, so that nobody else has to.
        var instance = await desk.App.AnotherInstanceAsync(new()
        {
            ["Springest:Sites:nl:CertificationsApiKey"] = "a-key-without-permits",
            ["Springest:Quota:SubmissionPatience"] = "02:00:00",
            ["Springest:Certificates:LeaseDuration"] = "00:03:00",
        });
        instance.Get<QuotaLimiterRegistry>().Block(TestApp.Site, SpringestKey.Certifications, TimeSpan.FromHours(1));
        var submission = instance.TriggerAsync("jo.pdf");
        await RowAsync(desk, row => row.State is SubmissionState.Submitting);

        await StopAsync(instance);

        await submission;
        var row = await RowAsync(desk, row => row.State is not SubmissionState.Submitting);
        Assert.Equal((SubmissionState.Ready, (DateTimeOffset?)null), (row.State, row.Due));
        Assert.Empty(desk.Posts);
        await desk.SweepAsync();
        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task The_answer_to_a_certificate_that_was_sent_is_waited_for()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf");
        desk.App.Simulator.Behaviour.Latency = Slow(0.3);
        // By its clock the answer comes at once, however busy the machine is.
        var instance = await desk.App.AnotherInstanceAsync(
            Patient,
            services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(TimeProvider.System.GetUtcNow())));
        var submission = instance.TriggerAsync("jo.pdf");
        await desk.App.Simulator.Requests.WaitForAsync(request => request.Method == "POST", Cancellation);

        await StopAsync(instance);

        await submission;
        Assert.Equal(Assert.Single(desk.AtSpringest).Id, (await desk.ReceiptAsync("jo.pdf"))?.CertificateId);
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task A_certificate_whose_answer_does_not_come_in_time_is_in_doubt_and_not_sent_again()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf");
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall, Method = "POST", AfterHandling = true });
        var instance = await desk.App.AnotherInstanceAsync(Patient);
        var submission = instance.TriggerAsync("jo.pdf");
        await desk.App.Simulator.Requests.WaitForAsync(request => request.Method == "POST", Cancellation);

        await StopAsync(instance);

        await submission;
        Assert.Equal(SubmissionState.OutcomeUnknown, (await RowAsync(desk, _ => true)).State);
        desk.App.Simulator.Behaviour.Faults.Clear();
        await desk.App.FireAsync("VerifyCertificates");
        await desk.SweepAsync();
        Assert.Equal(Assert.Single(desk.AtSpringest).Id, (await desk.ReceiptAsync("jo.pdf"))?.CertificateId);
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task What_a_webhook_named_and_was_not_read_is_given_back()
    {
        await using var office = await TestApp.StartAsync(azurite.Azurite);
        office.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Stall, Path = "/trainings/" });
        var instance = await office.AnotherInstanceAsync(new(Patient) { ["Springest:Webhooks:InlineBudget"] = "00:00:01" });
        var id = office.Simulator.Catalogue.Trainings.Ids[0];
        using var body = new StringContent($$"""{"action":"update","id":{{id}}}""", Encoding.UTF8, "application/json");
        using var answer = await instance.Http.PostAsync($"webhooks/{TestApp.Site}/trainings", body, Cancellation);
        Assert.True(answer.IsSuccessStatusCode);

        await StopAsync(instance);

        var row = await office
            .Storage.Table(WebhookStorage.Inbox)
            .QueryAsync<InboxItemEntity>(cancellationToken: Cancellation)
            .SingleAsync(Cancellation);
        Assert.InRange(row.NextAttempt, DateTimeOffset.MinValue, TimeProvider.System.GetUtcNow());
        Assert.Equal(0, row.Attempts);
        office.Simulator.Behaviour.Faults.Clear();
        await office.FireAsync("ApplyWebhooks");
        Assert.Equal(
            id,
            long.Parse(
                (
                    await office
                        .Storage.Table(nameof(Trainings))
                        .QueryAsync<TableEntity>(cancellationToken: Cancellation)
                        .SingleAsync(Cancellation)
                ).RowKey));
    }

    /// <summary>The environment variables SEED and STOPS choose the first seed and how many.</summary>
    [Fact]
    public async Task Stopped_at_any_moment_nothing_fails_is_lost_or_done_twice()
    {
        var seed = Variable.Number("SEED", Random.Shared.Next(1_000_000));
        var stops = Variable.Number("STOPS", 10);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["Springest:Webhooks:InlineBudget"] = "00:00:01", ["Springest:Mirror:SnapshotsKept"] = "3" });
        desk.App.Simulator.Behaviour.Latency = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.3));
        var taken = new List<(long Training, long After)>();
        for (var stop = 0; stop < stops; stop++)
            taken.AddRange(await StopAtRandomAsync(desk, seed + stop));

        TestContext.Current.TestOutputHelper?.WriteLine($"{stops} stops from seed {seed}: {desk.Posts.Count} certificates.");
        desk.App.Simulator.Behaviour.Latency = Latency.None;
        await desk.SweepAsync();
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        Assert.Equal(stops * 4, desk.AtSpringest.Count);
        Assert.Equal(stops * 4, desk.Posts.Count);
        // The passes bring the trainings anyhow: what became of a webhook is told by its own request.
        await desk.App.FireUntilIdleAsync(new WebhookDriver(desk.App));
        var requests = desk.App.Simulator.Requests.Snapshot();
        Assert.NotEmpty(taken);
        Assert.All(taken, webhook => Assert.Contains(
            requests, request => request.Number > webhook.After && request.Path == $"/trainings/{webhook.Training}.json"));
    }

    /// <returns>The trainings that a webhook named which was taken, and the last request before it.</returns>
    private static async Task<IEnumerable<(long Training, long After)>> StopAtRandomAsync(CertificateDesk desk, int seed)
    {
        var (random, office) = (new Random(seed), desk.App);
        for (var file = 0; file < 4; file++)
            await desk.DropAsync($"{seed}-{file}.pdf", metadata: CertificateDesk.Fields(email: $"p{seed}.{file}@example.test"));
        var instance = await office.AnotherInstanceAsync();
        var trainings = random.GetItems([.. office.Simulator.Catalogue.Trainings.Ids], 3);
        using var body = new StringContent(WebhookBody(trainings), Encoding.UTF8, "application/json");
        using var stopped = new CancellationTokenSource();
        var before = office.Simulator.Requests.Snapshot() is [.., var last] ? last.Number : 0;
        // By a client that does not end with the instance, so that the answer is heard.
        var webhook = office.Http.PostAsync(new Uri(instance.Address, $"api/webhooks/{TestApp.Site}/trainings"), body, stopped.Token);
        Task[] executions =
        [
            instance.FireAsync("CrawlTrainings"), instance.FireAsync("CrawlSubjects"), instance.FireAsync("ApplyWebhooks"),
            instance.FireAsync("SweepCertificates"), instance.TriggerAsync($"{seed}-0.pdf"), instance.TriggerAsync($"{seed}-1.pdf"),
        ];
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(600)), TimeProvider.System, Cancellation);

        await StopAsync(instance);

        await stopped.CancelAsync();
        await ((Task)webhook).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(executions);
        Assert.True(Array.TrueForAll(executions, execution => execution.IsCompletedSuccessfully), $"seed {seed}");
        var now = TimeProvider.System.GetUtcNow();
        Assert.Empty(await desk.Ledger.ListAsync(SubmissionState.Submitting, cancellationToken: Cancellation).ToListAsync(Cancellation));
        Assert.DoesNotContain(await StatesAsync(office), state => state.LeaseOwner is not null);
        var inbox = await office
            .Storage.Table(WebhookStorage.Inbox)
            .QueryAsync<InboxItemEntity>(cancellationToken: Cancellation)
            .ToListAsync(Cancellation);
        // What was stored as claimed and never begun comes due when its webhook's time is over.
        Assert.All(inbox, row => Assert.InRange(row.NextAttempt, DateTimeOffset.MinValue, now.AddSeconds(2)));
        Assert.All(inbox, row => Assert.Equal(0, row.Attempts));
        if (!webhook.IsCompletedSuccessfully)
            return [];
        using var answer = await webhook;
        return answer.IsSuccessStatusCode ? trainings.Distinct().Select(training => (training, before)) : [];
    }

    private static string WebhookBody(IEnumerable<long> trainings) =>
        WebhookBodies.Changes([.. trainings.Distinct().Select(id => WebhookBodies.Update(id))]);

    private static async Task StopAsync(TestApp instance)
    {
        var watch = Stopwatch.StartNew();
        await instance.DisposeAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, InTime);
    }

    /// <summary>Moves a clock on, a bit at a time, until something is done.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.WhenAny(done, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation));
        }
    }

    private static Latency Slow(double seconds) => new(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds));

    private static List<int> Offsets(TestApp app)
        => [.. app.Simulator.Requests.Snapshot().Select(request => request.Parameter("offset")).OfType<string>().Select(int.Parse)];

    private static Task<List<SyncStateEntity>> StatesAsync(TestApp app)
        => app
            .Storage.Table(CatalogueStorage.MirrorState)
            .QueryAsync<SyncStateEntity>(cancellationToken: Cancellation)
            .ToListAsync(Cancellation)
            .AsTask();

    private static async Task<SyncStateEntity> StateAsync(TestApp app)
        => (await StatesAsync(app)).Single(state => state.RowKey == nameof(Trainings));

    /// <summary>The only certificate, once it is as it should be.</summary>
    private static async Task<SubmissionEntity> RowAsync(CertificateDesk desk, Func<SubmissionEntity, bool> isSo)
    {
        var rows = desk.App.Storage.Table(CertificateStorage.Submissions);
        while (true)
        {
            if (
                await rows.QueryAsync<SubmissionEntity>(cancellationToken: Cancellation)
                    .Where(row => row is { PartitionKey: TestApp.Site, Kind: "submission" })
                    .SingleOrDefaultAsync(Cancellation)
                    is { } row
                && isSo(row))
                return row;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
