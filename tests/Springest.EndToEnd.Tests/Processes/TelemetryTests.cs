using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Kusto;
using Springest.Testing.Telemetry;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>What host and worker write and export: enough to see a failure by, and nothing that names a file, a person or a key.</summary>
[Trait("Part", "Telemetry")]
public sealed class TelemetryTests(World world) : ProcessTests(world), IDisposable
{
    private const string Person = "canary.person+tag@example.test";
    private const string Listed = "canary.listed@example.test";
    private const string Author = "Noor Canaryauteur";
    private const string Telephone = "+31 6 5550 1234 99";
    private const string Birthday = "canary 1987-06-05";

    private readonly DirectoryInfo _worker = Directory.CreateTempSubdirectory("springest-worker-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _worker.Delete(recursive: true);

    /// <summary>At the level at which the most is written; what is written at another is among it.</summary>
    [Fact]
    public async Task Nothing_written_or_exported_names_a_file_a_person_or_a_key()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        CopyTracingWorker(_worker);
        await using var app = await World.StartAsync("telemetry-trace", Brisk(
        [
            .. Exported(receiver), ("Logging__LogLevel__Default", "Trace"), ("LocalHost__App", _worker.FullName),
            ("Springest__Certificates__MetadataWait", "00:00:00"),
        ]));
        var (_, content, _) = Certificates.Make(app);
        await WorkAsync(app, content);
        await TellOfPeopleAsync(app, content);
        await FailAsync(app, content);
        var instance = app.Instances[0];
        await instance.StopAsync(Cancellation);

        Assert.Contains(receiver.Spans, span => span.Name == "function SubmitCertificate" && span.Failed);
        Assert.Contains(receiver.Logs, log => log.Category.StartsWith("Springest.", StringComparison.Ordinal));
        Assert.Contains(receiver.Logs, IsDetail);
        Assert.Contains(receiver.Metrics, metric => metric.Name == "springest.certificates.outcomes");
        Assert.Equal(
            ["Microsoft.Azure.Functions.Worker", "Springest.Client"], receiver.Spans.Select(span => span.Source).Distinct().Order());
        Assert.DoesNotContain(receiver.Logs, log => log.Category.StartsWith("Azure", StringComparison.Ordinal));
        foreach (var canary in Canaries(app.Keys))
        {
            Assert.DoesNotContain(receiver.Bodies.Select(canary.FindIn), found => found is not null);
            Assert.Null(canary.FindIn(instance.Said()));
        }
    }

    [Fact]
    public async Task A_failing_timer_and_a_failing_request_raise_the_alert()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await using var app = await World.StartAsync("telemetry-failures", BriskMirror(Exported(receiver)));
        await app.FilledAsync();
        foreach (var table in (string[])["CertificateSubmissions", "CertificateOpen", "CertificateIndex", "CertificateState", "Reviews"])
            await app.Table(table).DeleteAsync(Cancellation);

        for (var i = 0; i < 3; i++)
        {
            // The function for files fails on each once; repeated, it leaves it to the sweep, whose failures count.
            var (file, content, _) = Certificates.Make(app);
            await app.DropAsync(file, content);
            Assert.Equal(500, (int)(await app.GetAsync("api/status")).Status);
            // What sends its answer while it reads fails too.
            Assert.Equal(500, (int)(await app.GetAsync("api/catalogue/nl/reviews")).Status);
        }

        await Eventually.BeAsync("a timer and functions for HTTP have failed three times in a row", async () =>
        {
            var functions = await app.Table("TodoBoard")
                .QueryAsync<TableEntity>("PartitionKey eq 'failures'", cancellationToken: Cancellation)
                .Where(row => row.GetInt32("Times") >= 3).Select(row => row.RowKey).ToHashSetAsync(cancellationToken: Cancellation);
            return functions.IsSupersetOf(["SweepCertificates", "GetStatus", "ListRecords"])
                && !functions.Overlaps(["CrawlTrainings", "GetHealth"]);
        });
        // It fails too, and tells.
        await app.FireAsync("Measure");
        await Eventually.BeAsync(
            "the alert is raised",
            () => Alert(receiver, "needs-a-person").Contains("kind=function-failed, severity=2", StringComparison.Ordinal));
        // That the app tells anything says that it runs.
        Assert.Equal("", Alert(receiver, "app-silent"));
        Assert.NotEmpty(receiver.Logs);
        Assert.DoesNotContain(receiver.Logs, IsDetail);
        // What the runbook asks next.
        var why = KqlQuery.Run(
            "AppExceptions | summarize count() by function = tostring(Properties.functionName), OuterType",
            Workspace.Read(receiver.Items),
            TimeProvider.System.GetUtcNow());
        Assert.Contains(why.Rows, row => row[0] is "SubmitCertificate");
    }

    /// <summary>What the query of an alert finds in what was exported.</summary>
    internal static string Alert(TelemetryReceiver receiver, string alert)
        => KqlQuery.Run(
            File.ReadAllText(Repository.PathOf($"infra/alerts/{alert}.kql")), Workspace.Read(receiver.Items),
            TimeProvider.System.GetUtcNow()).ToString();

    internal static (string, string)[] Exported(TelemetryReceiver receiver) =>
    [
        ("Springest__Telemetry__OtlpEndpoint", receiver.Endpoint),
        ("Springest__Telemetry__ConnectionString", receiver.ConnectionString),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
        ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"),
    ];

    private static bool IsDetail(CapturedLog log) => log.Severity is "Trace" or "Debug";

    private static IEnumerable<Canary> Canaries(Keys keys) =>
    [
        new(Person), new("canary.person"), new("Jan Canarypersoon"), new("canary refused.pdf"), new(Author), new(Telephone), new(Birthday),
        new(Listed), new("canary-listed"),
        new(App.ApiKey), new(keys.Reader), new(keys.Viewer), new(keys.Operator),
        new(keys.Function), new(keys.Master), new(keys.System), new(keys.Webhook!),
        new("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u"),
    ];

    private static async Task WorkAsync(App app, byte[] content)
    {
        await app.FilledAsync();
        var accepted = await app.DropAsync($"{app.Simulator.Catalogue.Certifications.Ids[0]}_{Person}_2026-03-01_2028-03-01.pdf", content);
        await Certificates.ReceiptAsync(app, accepted);
        var refused = await app.DropAsync("canary refused.pdf", content);
        await Certificates.RejectionAsync(app, refused);
        foreach (var path in (string[])["api/status", "api/certificates?state=Accepted", "api/console", "api/health"])
            await app.SendAsync("GET", path, app.Keys.Viewer);
        using var body = new ByteArrayContent(Webhook.Update(Mirror.Publish(app)));
        await app.SendAsync("POST", $"api/webhooks/{App.Site}/trainings?code={app.Keys.Webhook}", content: body);
        await app.SendAsync("GET", $"api/status?code={app.Keys.Viewer}");
        await app.FireAsync("VerifyCertificates");
        await app.FireAsync("Measure");
    }

    // In a conversion, once with fields of wrong types, in a review, in a list with a line that cannot be sent and one that can, and by an
    // operator who asks.
    private static async Task TellOfPeopleAsync(App app, byte[] content)
    {
        string[] conversions =
        [
            $$"""{"id":7,"email":"{{Person}}","name":"{{Author}}","phone":"{{Telephone}}","birthday":"{{Birthday}}"}""",
            $$"""{"id":"{{Author}}","email":["{{Person}}"],"status":{"{{Telephone}}":"{{Birthday}}"} }""",
        ];
        foreach (var (body, id) in conversions.Select((body, i) => (body, i + 7)))
        {
            app.Simulator.Behaviour.Faults.Add(new Fault { Status = 200, Path = $"/conversions/{id}", Body = body });
            using var webhook = new ByteArrayContent(
                Webhook.Changes([$$"""{"action":"update","object":"conversion","id":{{id}},"by":"{{Author}}"}"""]));
            await app.SendAsync("POST", $"api/webhooks/{App.Site}/conversions?code={app.Keys.Webhook}", content: webhook);
        }

        var reviews = app.Simulator.Catalogue.Reviews;
        var review = reviews.Get(reviews.Ids[0])!;
        (review["id"], review["author_name"], review["description"]) = (900_001, Author, $"{Person} of {Telephone}");
        (review["rating"], review["created_at"]) = (Birthday, Author);
        reviews.Put(review);
        await ReadAgainAsync(app, "Reviews");

        var certification = app.Simulator.Catalogue.Certifications.Ids[0];
        await app.DropAsync(
            "list/manifest.csv",
            Encoding.UTF8.GetBytes(
                "file,certification_id,email,valid_from,valid_until\n"
                    + $"canary-listed.pdf,{certification},{Listed},2026-03-04,2028-03-04\n"
                    + $"{Author}.pdf,{Telephone},{Person},{Birthday},2028-03-04\n"));
        await Certificates.ReceiptAsync(app, await app.DropAsync("list/canary-listed.pdf", content));
        foreach (var (path, body) in ((string, string)[])
            [("find", $$"""{"email":"{{Person}}"}"""), ("find", $$"""{"name":"{{Author}}"}"""), ("forget", $$"""{"email":"{{Listed}}"}""")])
        {
            using var request = new StringContent(body, Encoding.UTF8, "application/json");
            await app.SendAsync("POST", $"api/manage/people/{path}", app.Keys.Operator, request);
        }
    }

    // Springest says more of people than it is asked; then a file cannot be taken in.
    private static async Task FailAsync(App app, byte[] content)
    {
        var certification = app.Simulator.Catalogue.Certifications.Ids[0];
        app.Simulator.Behaviour.Faults.Add(new Fault
        {
            Status = 400, Body = $$$"""{"error":{"email":["Jan Canarypersoon, {{{Person}}}, is not known"]}}""", Method = "POST", Times = 1,
        });
        await app.DropAsync($"again/{certification}_{Person}_2026-03-02_2028-03-02.pdf", content);
        app.Simulator.Behaviour.Faults.Add(new Fault { Status = 500, Body = $"<p>{App.ApiKey} of Jan Canarypersoon, {Person}</p>" });
        await ReadAgainAsync(app, "Trainings");
        await app.Table("CertificateSubmissions").DeleteAsync(Cancellation);
        await app.DropAsync($"failing/{certification}_{Person}_2026-03-03_2028-03-03.pdf", content);
        await app.Instances[0].WaitForLinesAsync("Executed 'Functions.SubmitCertificate' (Failed", cancellationToken: Cancellation);
        await app.FireAsync("Measure");
    }

    private static async Task ReadAgainAsync(App app, string table)
    {
        var before = Asked();
        await Mirror.StartPassAsync(app, table);
        await Eventually.BeAsync($"{table} are read again", async () =>
        {
            if (Asked() > before)
                return true;
            // The pass that filled the mirror may not have been over yet.
            await app.FireAsync($"Crawl{table}");
            return false;
        });

        int Asked() => app.Simulator.Requests.Snapshot().Count(request => request.Path == $"/{table.ToLowerInvariant()}.json");
    }

    /// <summary>The published worker with a host.json under which the host logs all, but for what is quieted by name.</summary>
    private static void CopyTracingWorker(DirectoryInfo to)
    {
        var folder = to.FullName;
        foreach (var file in Directory.GetFiles(AppProcess.Worker, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppProcess.Worker, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var hostJson = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "host.json")))!;
        hostJson["logging"]!["logLevel"]!["default"] = "Trace";
        File.WriteAllText(Path.Combine(folder, "host.json"), hostJson.ToJsonString());
    }
}
