using Azure.Data.Tables;
using Azure.Storage.Queues;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Status;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Quota;
using Springest.Functions.Tests.Webhooks;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>
/// What waits for a person is brought about, kind by kind, and every alert's query is run over what the app exported: the alert names that
/// kind and no other. Where the runbook has a command that ends it at once, it does.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AlertTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_usual_day_raises_none()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        foreach (
            var function in (string[])["CrawlTrainings", "CrawlInstitutes", "CrawlCertifications", "CrawlTrainings", "VerifyCertificates"])
            await watched.FireAsync(function);
        await watched.DropCertificateAsync();
        await watched.FireAsync("SweepCertificates");
        await PostAsync(watched, $$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }""");
        await watched.FireAsync("ApplyWebhooks");
        await watched.MeasureAsync();

        Assert.Empty(watched.Raised());
        Assert.NotEmpty(watched.Read()["AppMetrics"].Rows);
    }

    [Fact]
    public async Task App_silent_is_raised_a_quarter_of_an_hour_after_the_last_measurement()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        Assert.Equal(["app-silent"], watched.Raised().Keys);

        await watched.MeasureAsync();
        Assert.Empty(watched.Raised(after: TimeSpan.FromMinutes(14)));
        Assert.Equal(["app-silent"], watched.Raised(after: TimeSpan.FromMinutes(16)).Keys);
    }

    [Fact]
    public async Task Function_failed_three_times_in_a_row()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await using var other = await watched.App.AnotherInstanceAsync(new());
        for (var i = 0; i < 6; i++)
        {
            // With a success between them, failures are no row.
            await watched.RunAsync("CrawlTrainings", i % 2 == 0 ? () => throw new InvalidOperationException() : () => Task.CompletedTask);
            if (i < 2)
                await other.Get<FunctionFailures>().FailedAsync("SubmitCertificate", new InvalidOperationException());
        }

        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());

        await watched.RunAsync("SubmitCertificate", () => throw new InvalidOperationException());
        await watched.MeasureAsync();
        Assert.Equal("kind=function-failed, severity=2, open=1", watched.Called());

        // Also a success on another instance ends it.
        await other.Get<FunctionFailures>().SucceededAsync("SubmitCertificate");
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Function_that_is_called_no_more_is_forgotten_after_two_days()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        for (var i = 0; i < 3; i++)
            await watched.RunAsync("SubmitCertificate", () => throw new InvalidOperationException());
        watched.Clock.Shift = TimeSpan.FromDays(2);
        await watched.FireAsync("CrawlTrainings");
        await watched.MeasureAsync();

        Assert.Empty(watched.Raised());
        Assert.Empty(await watched.App.Storage.Table(TodoBoard.Table)
            .QueryAsync<TableEntity>(row => row.PartitionKey == "failures", cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task An_app_that_cannot_measure_still_tells_which_functions_fail()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        for (var i = 0; i < 3; i++)
            await watched.RunAsync("SweepCertificates", () => throw new InvalidOperationException());
        await watched.App.Storage.Table("CertificateState").DeleteAsync(Cancellation);

        await watched.FireAndFailAsync("Measure");

        Assert.Equal("kind=function-failed, severity=2, open=1", watched.Called());
    }

    [Fact]
    public async Task Daily_summary_has_what_is_daily_work_too_and_names_nobody()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.App.DropAsync("jo@example.org.pdf", SamplePdf.Create("A riddle"));
        await watched.App.DropAsync("an@example.org.pdf", SamplePdf.Create("Another riddle"));
        await watched.FireAsync("SweepCertificates");
        await watched.ManageAsync("catalogue/nl/trainings/pause");
        await watched.FireAsync("CrawlTrainings");
        await watched.MeasureAsync();

        var raised = Assert.Single(watched.Raised());
        Assert.Equal(("daily-summary", "open=certificate-rejected: 2, mirror-paused: 1"), (raised.Key, raised.Value));

        await watched.OrderAsync("mirror-paused", "resume");
        await watched.FireAsync("CrawlTrainings");
        await watched.MeasureAsync();
        Assert.Equal("open=certificate-rejected: 2", Assert.Single(watched.Raised()).Value);
    }

    [Fact]
    public async Task A_month_of_telemetry_at_the_design_size_is_less_than_what_is_free()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        foreach (var function in (string[])["CrawlTrainings", "CrawlCertifications", "CrawlTrainings"])
            await watched.FireAsync(function);
        await watched.MeasureAsync();
        var before = watched.Sent();
        await watched.MeasureAsync();
        var measured = watched.Sent() - before;
        before = watched.Sent();
        foreach (var function in (string[])["ApplyWebhooks", "SweepCertificates", "CrawlTrainings", "CrawlCertifications"])
            await watched.FireAsync(function);
        var executed = (watched.Sent() - before) / 4;

        // As docs/deploy.md counts them: 43,200 minutes, 319,310 executions, 40,000 requests to Springest with their spans.
        var month = ((43_200 * measured) + (319_310 * executed) + (40_000 * 1_500)) / 1e9;
        TestContext.Current.TestOutputHelper!.WriteLine($"{measured} bytes a minute, {executed} an execution, {month:0.00} GB a month");
        Assert.InRange(measured, 5_000, 60_000);
        Assert.InRange(executed, 300, 5_000);
        Assert.InRange(month, 0.3, 3);
    }

    [Fact]
    public async Task Key_rejected()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 401 });
        await watched.FireAndFailAsync("CrawlTrainings");
        await watched.MeasureAsync();

        Assert.Equal("kind=key-rejected, severity=1, open=1", watched.Called());

        await watched.AfterFaultsAsync("CrawlTrainings");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Mirror_stopped()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await watched.FireAndFailAsync("CrawlTrainings");
        await watched.MeasureAsync();

        Assert.Equal("kind=mirror-stopped, severity=2, open=1", watched.Called());

        await watched.AfterFaultsAsync("CrawlTrainings");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Mirror_stale()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        watched.Clock.Shift = TimeSpan.FromHours(49);
        await watched.MeasureAsync();

        Assert.Equal("kind=mirror-stale, severity=2, open=1", watched.Called());

        await watched.OrderAsync("mirror-stale", "abandon");
        await watched.AfterFaultsAsync("CrawlTrainings");
        Assert.Empty(watched.Raised());
    }

    [Theory]
    [InlineData("discard", true)]
    [InlineData("release", false)]
    public async Task Mirror_held(string verb, bool areThere)
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        var missing = watched.App.Simulator.Catalogue.Trainings.Ids.Take(20).ToList();
        foreach (var id in missing)
            watched.App.Simulator.Catalogue.Trainings.Show(id, false);
        watched.Clock.Shift = TimeSpan.FromHours(25);
        await watched.FireAsync("CrawlTrainings");
        await watched.MeasureAsync();

        Assert.Equal("kind=mirror-held, severity=2, open=1", watched.Called());

        foreach (var id in missing)
            watched.App.Simulator.Catalogue.Trainings.Show(id, areThere);
        await watched.OrderAsync("mirror-held", verb);
        await watched.AfterFaultsAsync("CrawlTrainings");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Quota_blocked()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Status = 429,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "600" },
            });
        await watched.FireAsync("CrawlTrainings");
        await BlockedByServerTests.BlockedUntilAsync(watched.App);
        await watched.MeasureAsync();

        Assert.Equal("kind=quota-blocked, severity=2, open=1", watched.Called());

        await watched.OrderAsync("quota-blocked", "unblock");
        // It is accepted, and carried out soon.
        var quota = watched.App.Get<QuotaLimiterRegistry>();
        while ((await quota.ReadStatusAsync(TestApp.Site, Cancellation)).Any(key => key.BlockedUntil is not null))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Webhook_not_understood()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await PostAsync(watched, """{"changes":[{"action":"refresh","object":"training","id":7},{"action":"update"}]}""");
        await watched.MeasureAsync();

        Assert.Equal("kind=webhook-not-understood, severity=2, open=1", watched.Called());

        // However many come after it.
        var understood = WebhookBodies.Changes(WebhookBodies.Update(watched.App.Simulator.Catalogue.Trainings.Ids[0]));
        for (var i = 0; i < 25; i++)
            await PostAsync(watched, understood);
        await watched.MeasureAsync();
        Assert.Equal("kind=webhook-not-understood, severity=2, open=1", watched.Called());

        await watched.OrderAsync("webhook-not-understood", "discard");
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    [Theory]
    [InlineData("release")]
    [InlineData("discard")]
    public async Task Webhook_deletes_held(string verb)
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        var gone = watched.App.Simulator.Catalogue.Trainings.Ids.Take(6).ToList();
        foreach (var id in gone)
            watched.App.Simulator.Catalogue.Trainings.Remove(id);
        await PostAsync(watched, WebhookBodies.Changes([.. gone.Select(WebhookBodies.Destroy)]));
        await watched.MeasureAsync();

        // The fifth is one too many.
        Assert.Equal("kind=webhook-deletes-held, severity=2, open=1", watched.Called());

        await watched.OrderAsync("webhook-deletes-held", verb);
        await watched.AfterFaultsAsync("ApplyWebhooks");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Inbox_old()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await PostAsync(watched, $$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }""");
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());

        watched.Clock.Shift = TimeSpan.FromMinutes(16);
        await watched.MeasureAsync();
        Assert.Equal("kind=inbox-old, severity=2, open=1", watched.Called());

        await watched.AfterFaultsAsync("ApplyWebhooks");
        Assert.Empty(watched.Raised());
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("discard")]
    public async Task Dead_letter(string verb)
    {
        await using var watched = await WatchedApp.StartAsync(azurite, new() { ["Springest:Webhooks:MaxAttempts"] = "1" });
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await PostAsync(watched, $$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }""");
        await watched.MeasureAsync();

        Assert.Equal("kind=dead-letter, severity=3, open=1", watched.Called());

        watched.App.Simulator.Behaviour.Faults.Clear();
        await watched.OrderAsync("dead-letter", verb);
        await watched.AfterFaultsAsync("ApplyWebhooks");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task File_old()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.DropCertificateAsync();
        watched.Clock.Shift = TimeSpan.FromHours(23);
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());

        watched.Clock.Shift = TimeSpan.FromHours(25);
        await watched.MeasureAsync();
        Assert.Equal("kind=file-old, severity=2, open=1", watched.Called());

        await watched.FireAsync("CrawlCertifications");
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Poison_queue()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        var poison = watched.App.Get<QueueServiceClient>().GetQueueClient("webjobs-blobtrigger-poison");
        await poison.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        try
        {
            await poison.SendMessageAsync("{}", Cancellation);
            await watched.MeasureAsync();

            Assert.Equal("kind=poison-queue, severity=3, open=1", watched.Called());

            await poison.ClearMessagesAsync(Cancellation);
            await watched.MeasureAsync();
            Assert.Empty(watched.Raised());
        }
        finally
        {
            await poison.DeleteAsync(Cancellation);
        }
    }

    private static Task<WebhookDriver.Answer> PostAsync(WatchedApp watched, string body)
        => new WebhookDriver(watched.App).PostAsync(body);
}
