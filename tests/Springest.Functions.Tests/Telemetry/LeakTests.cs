using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Springest.Functions.Telemetry;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing.Telemetry;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>
/// Plants names of files, addresses and keys, lets everything happen, and searches what is exported, logs of every level included.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LeakTests(AzuriteFixture azurite)
{
    private const string Person = "canary.person+tag@example.test";

    private static readonly Canary[] Canaries =
    [
        new(Person), new("canary.person"), new("Jan Canarypersoon"), new("canary refused.pdf"), new("canary unknown.pdf"),
        new(TestApp.ApiKey), new(TestApp.CertificationsApiKey), new(TestApp.FunctionKey),
        new(TestApp.ReaderKey), new(TestApp.ViewerKey), new(TestApp.OperatorKey),
        // Of the emulator's account.
        new("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_exported_names_a_file_a_person_or_a_key()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var telemetry = new Dictionary<string, string?>
        {
            ["Springest:Telemetry:OtlpEndpoint"] = receiver.Endpoint,
            ["Springest:Telemetry:ConnectionString"] = receiver.ConnectionString,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        await using var desk = await CertificateDesk.OpenAsync(
            azurite,
            new(telemetry) { ["Springest:Certificates:LeaseDuration"] = "00:00:02", ["Springest:Mirror:SnapshotsKept"] = "3" },
            services: services => services.AddTelemetry(new ConfigurationBuilder().AddInMemoryCollection(telemetry).Build()));

        await SubmitAsync(desk);
        await FailAsync(desk);
        await desk.App.FireAsync("Measure");
        desk.App.Get<MeterProvider>().ForceFlush();
        desk.App.Get<TracerProvider>().ForceFlush();
        desk.App.Get<LoggerProvider>().ForceFlush();

        Assert.Contains(receiver.Logs, log => log.Category.StartsWith("Springest.", StringComparison.Ordinal));
        Assert.Contains(
            receiver.Metrics, metric => metric.Name == "springest.certificates.outcomes" && metric.Attributes["state"] == "Rejected");
        Assert.Contains(receiver.Spans, span => span.Source == "Springest.Client" && span.Failed);
        Assert.NotEmpty(receiver.Items);
        // Scopes are written down too where somebody asks for them.
        Assert.NotEmpty(desk.App.Logs.Lines);
        foreach (var canary in Canaries)
        {
            Assert.DoesNotContain(receiver.Bodies.Select(canary.FindIn), found => found is not null);
            Assert.DoesNotContain(desk.App.Logs.Lines.Select(canary.FindIn), found => found is not null);
        }

        // The storage clients' spans and logs name blobs.
        Assert.Equal(["Springest.Client"], receiver.Spans.Select(span => span.Source).Distinct());
        Assert.DoesNotContain(receiver.Logs, log => log.Category.StartsWith("Azure", StringComparison.Ordinal));
    }

    private static async Task SubmitAsync(CertificateDesk desk)
    {
        desk.App.Simulator.Behaviour.UnknownEmails = [$"unknown-{Person}"];
        await desk.DropAsync($"3101_{Person}_2026-01-15.pdf", metadata: []);
        await desk.DropAsync("canary refused.pdf", metadata: CertificateDesk.Fields(email: $"{Person};x"));
        await desk.DropAsync("canary unknown.pdf", metadata: CertificateDesk.Fields(email: $"unknown-{Person}"));
        await desk.App.TriggerAsync($"3101_{Person}_2026-01-15.pdf");
        await desk.SweepAsync();
        await desk.App.FireAsync("VerifyCertificates");
    }

    // With an API that is in a bad way, repeats what it was sent, and says more of people than it was asked.
    private static async Task FailAsync(CertificateDesk desk)
    {
        var faults = desk.App.Simulator.Behaviour.Faults;
        foreach (var fault in (FaultKind[])[FaultKind.Answer, FaultKind.Close, FaultKind.Stall, FaultKind.Truncate])
        {
            faults.Add(new Fault { Kind = fault, Method = "POST", Body = $"<p>{TestApp.ApiKey} of Jan Canarypersoon, {Person}</p>" });
            // Each about somebody else, and none waits for what became of the one before.
            var name = $"{fault}/3101_{fault.ToString().ToLowerInvariant()}-{Person}_2026-01-15.pdf";
            await desk.StartAsync();
            await desk.DropAsync(name, metadata: []);
            await Record.ExceptionAsync(() => desk.App.TriggerAsync(name));
            await desk.SweepAsync();
            faults.Clear();
        }

        foreach (var status in (int[])[400, 401, 500])
        {
            var said = $$$"""{"error":{"email":["{{{Person}}} (Jan Canarypersoon) is not known to {{{TestApp.ApiKey}}}"]}}""";
            faults.Add(new Fault { Status = status, Body = said });
            await desk.StartAsync();
            await desk.DropAsync($"{status}/3101_{status}-{Person}_2026-01-15.pdf", metadata: []);
            await desk.SweepAsync();
            await Record.ExceptionAsync(() => desk.App.FireAsync("CrawlTrainings"));
            faults.Clear();
        }

        using var http = new HttpClient { BaseAddress = desk.App.Http.BaseAddress };
        var body = new { changes = new[] { new { action = "update", @object = Person, id = 1 } } };
        using (await http.PostAsJsonAsync($"webhooks/nl/trainings?code={TestApp.FunctionKey}", body, Cancellation))
        {
        }
    }
}
