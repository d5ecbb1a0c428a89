using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Privacy;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>Plants keys that are easy to find, lets everything happen, and searches everything that was written.</summary>
public sealed class SecretsTests(AzuriteFixture storage)
{
    private static readonly string[] Canaries =
        [
            TestApp.ApiKey, TestApp.CertificationsApiKey, TestApp.FunctionKey, TestApp.ReaderKey, TestApp.ViewerKey, TestApp.OperatorKey,
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u",
        ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_is_ever_written_down()
    {
        await using var app = await TestApp.StartAsync(
            storage.Azurite,
            settings: new() { ["Springest:Certificates:MetadataWait"] = "00:00:00", ["Springest:Mirror:SnapshotsKept"] = "3" });
        using var telemetry = new CapturedTelemetry(app.Get<IMeterFactory>());

        await WorkAsync(app);
        await FailAsync(app);
        await app.FireAsync("Measure");

        // Where people are known by their addresses is what the tables and blobs are for, but nobody's monitoring.
        Assert.DoesNotContain(
            telemetry.Lines,
            line => line.Contains('@', StringComparison.Ordinal) || line.Contains(".pdf", StringComparison.Ordinal));
        var written = new List<string>([.. app.Logs.Lines, .. telemetry.Lines]);
        var prefix = app.Get<IOptions<StorageOptions>>().Value.Prefix;
        var tables = app.Get<TableServiceClient>().QueryAsync(cancellationToken: Cancellation);
        await foreach (var table in tables.Where(table => table.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            await foreach (
                var row in app.Get<TableServiceClient>().GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Cancellation)
            )
                written.AddRange(row.Select(property => $"{table.Name}: {property.Key} = {StorageSearch.TextOf(property.Value)}"));
        }

        await foreach (
            var container in app.Get<BlobServiceClient>().GetBlobContainersAsync(prefix: prefix, cancellationToken: Cancellation))
        {
            var client = app.Get<BlobServiceClient>().GetBlobContainerClient(container.Name);
            await foreach (var blob in client.GetBlobsAsync(cancellationToken: Cancellation))
            {
                var content = await client.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation);
                written.Add($"{blob.Name}: {StorageSearch.TextOf(content.Value.Content)}");
            }
        }

        Assert.True(written.Count > 500, $"Only {written.Count} things were written: the test searched too little.");
        Assert.Contains(written, text => text.Contains("records.ndjson.gz: {", StringComparison.Ordinal));
        foreach (var canary in Canaries)
            Assert.DoesNotContain(written, text => text.Contains(canary, StringComparison.Ordinal));
    }

    // The web server tells whole addresses, and with them the key that Springest posts with.
    [Fact]
    public async Task No_log_level_has_an_address_with_its_key_written_down()
    {
        await using var app = await TestApp.StartAsync(storage.Azurite, services: services => services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Trace)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Trace)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Trace)
            .AddFilter<CapturedLogs>("Microsoft.AspNetCore.Routing", LogLevel.Trace)
            .AddFilter<CapturedLogs>(null, LogLevel.Trace)));

        await PostWebhookAsync(app);
        using (await app.Http.GetAsync($"nowhere?code={TestApp.FunctionKey}", Cancellation))
        using (var socket = new TcpClient(app.Address.Host, app.Address.Port))
        {
            await socket
                .GetStream()
                .WriteAsync(Encoding.ASCII.GetBytes($"G(T /api/status?code={TestApp.FunctionKey} HTTP/1.1\r\n\r\n"), Cancellation);
            Assert.StartsWith(
                "HTTP/1.1 400",
                await new StreamReader(socket.GetStream()).ReadLineAsync(Cancellation),
                StringComparison.Ordinal);
        }

        Assert.Contains(app.Logs.Lines, line => line.StartsWith("Debug ", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(TestApp.FunctionKey, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Yarp")]
    public void The_host_too_is_told_not_to_write_addresses_down(string category)
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));
        Assert.Equal("Warning", host.RootElement.GetProperty("logging").GetProperty("logLevel").GetProperty(category).GetString());
    }

    // The usual day.
    private static async Task WorkAsync(TestApp app)
    {
        foreach (
            var function in (string[])
                ["CrawlTrainings", "CrawlInstitutes", "CrawlCategories", "CrawlSubjects", "CrawlReviews", "CrawlCertifications"])
            await app.FireAsync(function);
        var certification = app.Simulator.Catalogue.Certifications.Ids[0];
        await app.DropAsync($"{certification}_canary@example.org_2026-01-31_2028-01-31.pdf", SamplePdf.Create("A certificate"));
        await app.DropAsync("nobody knows.pdf", SamplePdf.Create("A riddle"));
        await app.FireAsync("SweepCertificates");
        await PostWebhookAsync(app);
        foreach (var page in (string[])["status", "console", "health"])
            using (await app.Http.GetAsync(page, Cancellation))
            {
            }
    }

    // The same with an API that is in a bad way.
    private static async Task FailAsync(TestApp app)
    {
        foreach (var fault in (Fault[])
        [
            new() { Status = 401 },
            new() { Status = 500 },
            new() { Status = 200, Body = "<html>", ContentType = "text/html" },
            new() { Status = 400, Body = """{"error":{"email":["canary@example.org is nobody's"]}}""" },
            new() { Kind = FaultKind.Close },
        ])
        {
            app.Simulator.Behaviour.Faults.Add(fault);
            await PostWebhookAsync(app);
            foreach (var function in (string[])["CrawlTrainings", "ApplyWebhooks"])
                await Record.ExceptionAsync(() => app.FireAsync(function));
            app.Simulator.Behaviour.Faults.Clear();
        }
    }

    // With the key in the address, as Springest sends them.
    private static async Task PostWebhookAsync(TestApp app)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            new Uri(app.Address, $"api/webhooks/{TestApp.Site}/trainings?code={TestApp.FunctionKey}"),
            new { changes = new[] { new { action = "update", @object = "training", id = app.Simulator.Catalogue.Trainings.Ids[0] } } },
            Cancellation);
    }
}
