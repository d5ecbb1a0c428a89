using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Quota;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.Status;

/// <summary>What the app tells the operator's monitoring of itself.</summary>
public sealed class MetricsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestApp _app = null!;
    private CapturedTelemetry _telemetry = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(azurite.Azurite, settings: new()
        {
            ["Springest:Webhooks:MaxAttempts"] = "1",
            ["Springest:Certificates:MetadataWait"] = "00:00:00",
        });
        _telemetry = new CapturedTelemetry(_app.Get<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_mirror_is_measured()
    {
        await _app.FireAsync("CrawlTrainings");
        await _app.FireAsync("CrawlTrainings");
        await _app.FireAsync("Measure");

        Assert.Equal(1, _telemetry.Sum("springest.mirror.runs", "resource=Trainings", "outcome=Completed"));
        Assert.Equal(1, _telemetry.Sum("springest.mirror.runs", "resource=Trainings", "outcome=NotDue"));
        Assert.Equal(40, _telemetry.Sum("springest.mirror.rows", "site=nl", "resource=Trainings", "change=Created", "source=Crawl"));
        Assert.InRange(_telemetry.Last("springest.mirror.pass_age", "site=nl", "resource=Trainings"), 0, 600);
        Assert.Equal(0, _telemetry.Last("springest.todo.open", "kind=all", "severity=0"));
        Assert.InRange(_telemetry.Last("springest.quota.used", "site=nl", "key=General"), 2, 40);
    }

    [Fact]
    public async Task A_rejected_key_shows()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 401 });

        await Record.ExceptionAsync(() => _app.FireAsync("CrawlTrainings"));
        await _app.FireAsync("Measure");

        Assert.Equal(1, _telemetry.Count("springest.client.duration", "site=nl", "method=GET", "status=401"));
        Assert.Equal(1, _telemetry.Sum("springest.mirror.runs", "resource=Trainings", "outcome=Failed"));
        Assert.Equal(1, _telemetry.Last("springest.todo.open", "kind=key-rejected", "severity=1"));

        _app.Simulator.Behaviour.Faults.Clear();
        await _app.FireAsync("CrawlTrainings");
        await _app.FireAsync("Measure");

        Assert.Equal(0, _telemetry.Last("springest.todo.open", "kind=key-rejected", "severity=1"));
    }

    [Fact]
    public async Task A_pause_that_the_server_asks_for_shows()
    {
        _app.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Status = 429,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "600" },
            });

        await _app.FireAsync("CrawlTrainings");
        await BlockedByServerTests.BlockedUntilAsync(_app);
        await _app.FireAsync("Measure");

        Assert.Equal(1, _telemetry.Sum("springest.quota.blocks", "site=nl", "key=General"));
        Assert.Equal(1, _telemetry.Last("springest.todo.open", "kind=quota-blocked", "severity=2"));
        Assert.Equal(1, _telemetry.Sum("springest.mirror.runs", "outcome=Unfinished"));
    }

    [Fact]
    public async Task Webhooks_are_measured()
    {
        var ids = _app.Simulator.Catalogue.Trainings.Ids;
        await PostAsync($$"""{"action":"update","id":{{ids[0]}} }""", HttpStatusCode.OK);
        await PostAsync("no JSON", HttpStatusCode.BadRequest);
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });
        await PostAsync($$"""{"action":"update","id":{{ids[1]}} }""", HttpStatusCode.OK);
        await _app.FireAsync("Measure");

        Assert.Equal(2, _telemetry.Sum("springest.webhooks.deliveries", "feed=Trainings", "outcome=Taken"));
        Assert.Equal(1, _telemetry.Sum("springest.webhooks.deliveries", "feed=Trainings", "outcome=BadRequest"));
        Assert.Equal(1, _telemetry.Sum("springest.webhooks.objects", "site=nl", "outcome=Done"));
        Assert.Equal(1, _telemetry.Sum("springest.webhooks.objects", "site=nl", "outcome=DeadLettered"));
        Assert.Equal(0, _telemetry.Last("springest.webhooks.inbox", "site=nl"));
        Assert.Equal(0, _telemetry.Last("springest.webhooks.inbox_age", "site=nl"));
        Assert.Equal(1, _telemetry.Last("springest.todo.open", "kind=dead-letter", "severity=3"));
    }

    [Fact]
    public async Task Certificates_are_measured()
    {
        await _app.FireAsync("CrawlCertifications");
        var certification = _app.Simulator.Catalogue.Certifications.Ids[0];
        await _app.DropAsync($"{certification}_one@example.org_2026-01-31_2028-01-31.pdf", SamplePdf.Create("One"));
        await _app.DropAsync("nobody knows.pdf", SamplePdf.Create("A riddle"));
        await _app.FireAsync("SweepCertificates");
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 401 });
        await _app.DropAsync($"{certification}_two@example.org_2026-01-31_2028-01-31.pdf", SamplePdf.Create("Two"));
        await _app.FireAsync("SweepCertificates");
        await _app.FireAsync("Measure");

        Assert.Equal(1, _telemetry.Sum("springest.certificates.outcomes", "site=nl", "state=Accepted"));
        Assert.Equal(1, _telemetry.Sum("springest.certificates.outcomes", "site=nl", "state=Rejected", "code=metadata_missing"));
        Assert.Equal(1, _telemetry.Sum("springest.certificates.outcomes", "site=nl", "state=Ready"));
        Assert.InRange(_telemetry.Last("springest.certificates.open", "site=nl", "state=Ready"), 1, 2);
        Assert.Equal(0, _telemetry.Last("springest.certificates.open", "site=nl", "state=Held"));
    }

    private async Task PostAsync(string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _app.Http.PostAsync($"webhooks/{TestApp.Site}/trainings", content, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }
}
