using System.Net;
using System.Text;
using Azure.Storage.Queues;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>
/// Each alert's condition is brought about, and every alert's query is run over what the app exported: that alert is raised and no other.
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
        await DropAsync(watched);
        await watched.FireAsync("SweepCertificates");
        await PostAsync(watched, $$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }""", HttpStatusCode.OK);
        await watched.FireAsync("ApplyWebhooks");
        await watched.MeasureAsync();

        Assert.Empty(watched.Raised());
        Assert.NotEmpty(watched.Read()["AppMetrics"].Rows);
    }

    [Fact]
    public async Task App_silent_is_raised_half_an_hour_after_the_last_measurement()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        Assert.Equal(["app-silent"], watched.Raised().Keys);

        await watched.MeasureAsync();
        Assert.Empty(watched.Raised(after: TimeSpan.FromMinutes(29)));
        Assert.Equal(["app-silent"], watched.Raised(after: TimeSpan.FromMinutes(31)).Keys);
    }

    [Theory]
    [InlineData("CrawlTrainings")]
    [InlineData("SubmitCertificate")]
    [InlineData("GetStatus")]
    public async Task Executions_failed_is_raised_by_five_failures_of_any_function(string function)
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.MeasureAsync();
        await watched.RunAsync("Another", () => throw new InvalidOperationException());
        await watched.RunAsync(function, () => Task.CompletedTask);
        for (var i = 0; i < 4; i++)
            await watched.RunAsync(function, () => throw new InvalidOperationException());
        Assert.Empty(watched.Raised());

        await watched.RunAsync(function, () => throw new InvalidOperationException());
        Assert.Equal($"site=all, function={function}, failed=5", Raised(watched, "executions-failed"));
    }

    [Fact]
    public async Task Key_rejected()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 401 });
        await watched.FireAsync("CrawlTrainings");
        await watched.MeasureAsync();

        Assert.Equal("site=nl, requests=1", Raised(watched, "key-rejected"));
    }

    [Fact]
    public async Task Mirror_stopped()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await watched.FireAsync("CrawlTrainings");
        for (var minute = 0; minute < 20; minute++)
            await watched.MeasureAsync();

        Assert.Equal("site=nl, resource=Trainings", Raised(watched, "mirror-stopped"));
    }

    [Fact]
    public async Task Mirror_stale()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        watched.Clock.Shift = TimeSpan.FromHours(49);
        await watched.MeasureAsync();

        Assert.StartsWith("site=nl, resource=Trainings, hours=49.0", Raised(watched, "mirror-stale"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletes_held()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        foreach (var id in watched.App.Simulator.Catalogue.Trainings.Ids.Take(20).ToList())
            watched.App.Simulator.Catalogue.Trainings.Remove(id);
        watched.Clock.Shift = TimeSpan.FromHours(25);
        await watched.FireAsync("CrawlTrainings");
        await watched.MeasureAsync();

        Assert.Equal("site=nl, resource=Trainings", Raised(watched, "deletes-held"));
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
        await watched.MeasureAsync();

        Assert.Equal("site=nl, key=General, blocks=1", Raised(watched, "quota-blocked"));
    }

    [Fact]
    public async Task Quota_unreadable_because_it_is_damaged()
    {
        await using var watched = await WatchedApp.StartAsync(azurite, new() { ["Springest:Quota:CataloguePatience"] = "00:00:02" });
        await watched.FireAsync("CrawlTrainings");
        await watched.DamageQuotaAsync();
        await watched.FireAsync("CrawlInstitutes");
        await watched.MeasureAsync();

        Assert.StartsWith("site=nl, times=", Raised(watched, "quota-unreadable"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_unreadable_because_storage_does_not_answer()
    {
        await using var watched = await WatchedApp.StartAsync(azurite, new() { ["Springest:Quota:CataloguePatience"] = "00:00:02" });
        var quota = watched.App.Storage.Table(QuotaStorage.Counters);
        await quota.DeleteAsync(Cancellation);
        foreach (var function in (string[])["CrawlTrainings", "CrawlInstitutes", "CrawlSubjects", "CrawlCategories", "CrawlReviews"])
            await watched.FireAsync(function);
        await quota.CreateAsync(Cancellation);
        await watched.MeasureAsync();

        Assert.StartsWith("site=nl, times=", Raised(watched, "quota-unreadable"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_refused()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await PostAsync(watched, "no JSON", HttpStatusCode.BadRequest);
        await watched.MeasureAsync();

        Assert.Equal("site=all, outcome=BadRequest, refused=1", Raised(watched, "webhooks-refused"));
    }

    [Fact]
    public async Task Webhooks_not_understood()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await PostAsync(
            watched, """{"changes":[{"action":"refresh","object":"training","id":7},{"action":"update"}]}""", HttpStatusCode.OK);
        await watched.MeasureAsync();

        Assert.Equal("site=all, feed=Trainings, webhooks=1", Raised(watched, "webhooks-not-understood"));
    }

    [Fact]
    public async Task Webhooks_deletes_held()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlTrainings");
        var gone = watched.App.Simulator.Catalogue.Trainings.Ids.Take(6).ToList();
        foreach (var id in gone)
            watched.App.Simulator.Catalogue.Trainings.Remove(id);
        await PostAsync(watched, WebhookBodies.Changes([.. gone.Select(WebhookBodies.Destroy)]), HttpStatusCode.OK);
        await watched.MeasureAsync();

        // The fifth is one too many.
        Assert.Equal("site=nl, objects=2", Raised(watched, "webhooks-deletes-held"));
    }

    [Fact]
    public async Task Inbox_old()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await PostAsync(watched, $$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }""", HttpStatusCode.OK);
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());

        watched.Clock.Shift = TimeSpan.FromMinutes(16);
        await watched.MeasureAsync();
        Assert.StartsWith("site=nl, seconds=9", Raised(watched, "inbox-old"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_dead_lettered()
    {
        await using var watched = await WatchedApp.StartAsync(azurite, new() { ["Springest:Webhooks:MaxAttempts"] = "1" });
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await PostAsync(watched, $$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }""", HttpStatusCode.OK);
        await watched.MeasureAsync();

        Assert.Equal("site=nl, objects=1", Raised(watched, "webhooks-dead-lettered"));
    }

    [Fact]
    public async Task Certificates_waiting()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlCertifications");
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST", Times = 1 });
        await DropAsync(watched);
        for (var i = 0; i < 3; i++)
            await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal("site=nl, state=OutcomeUnknown, certificates=1", Raised(watched, "certificates-waiting"));
    }

    [Fact]
    public async Task Certificates_old()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        await DropAsync(watched);
        watched.Clock.Shift = TimeSpan.FromHours(23);
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());

        watched.Clock.Shift = TimeSpan.FromHours(25);
        await watched.MeasureAsync();
        Assert.StartsWith("site=nl, hours=25.0", Raised(watched, "certificates-old"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_poisoned()
    {
        await using var watched = await WatchedApp.StartAsync(azurite);
        var poison = watched.App.Get<QueueServiceClient>().GetQueueClient("webjobs-blobtrigger-poison");
        await poison.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        try
        {
            await poison.SendMessageAsync("{}", Cancellation);
            await watched.MeasureAsync();

            Assert.Equal("site=all, events=1", Raised(watched, "files-poisoned"));
        }
        finally
        {
            await poison.DeleteAsync(Cancellation);
        }
    }

    [Fact]
    public void Each_of_them_is_here()
        => Assert.All(WatchedApp.Alerts.Keys, name => Assert.Contains(
            typeof(AlertTests).GetMethods(), method => method.Name.StartsWith(name.Replace('-', '_'), StringComparison.OrdinalIgnoreCase)));

    /// <summary>What an alert found, which is the only one that did.</summary>
    private static string Raised(WatchedApp watched, string alert)
    {
        var raised = watched.Raised();
        Assert.Equal([alert], raised.Keys);
        return raised[alert].ToString();
    }

    private static Task DropAsync(WatchedApp watched)
        => watched.App.DropAsync(
            $"{watched.App.Simulator.Catalogue.Certifications.Ids[0]}_jo@example.org_2026-01-31_2028-01-31.pdf",
            SamplePdf.Create("A certificate"));

    private static async Task PostAsync(WatchedApp watched, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await watched.App.Http.PostAsync($"webhooks/{TestApp.Site}/trainings", content, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }
}
