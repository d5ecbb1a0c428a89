using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Access;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Kusto;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>The queries of the workbook and of docs/operate.md find what they ask for in what the app exports on a bad day.</summary>
[Collection(nameof(Alone))]
public sealed partial class QueryTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Every_chart_and_every_query_of_the_runbook_finds_something()
    {
        await using var watched = await WatchedApp.StartAsync(azurite, new() { ["Springest:Quota:PassPatience"] = "00:00:02" });
        await BadDayAsync(watched);
        var tables = watched.Read();

        Assert.All(Charts().Concat(Runbook()), query =>
        {
            var found = KqlQuery.Run(query, tables, TimeProvider.System.GetUtcNow());
            Assert.True(found.Rows.Count > 0, "It finds nothing.");
            // What is grouped by something that there is not, is grouped by nothing.
            Assert.DoesNotContain(found.Rows, row => row[0] is null or "");
        });
    }

    [Fact]
    public void There_are_queries_in_both()
    {
        Assert.InRange(Charts().Count(), 8, 20);
        Assert.InRange(Runbook().Count(), 6, 30);
    }

    private static async Task BadDayAsync(WatchedApp watched)
    {
        await watched.FireAsync("CrawlTrainings");
        await watched.FireAsync("CrawlCertifications");
        await watched.App.DropAsync(
            $"{watched.App.Simulator.Catalogue.Certifications.Ids[0]}_jo@example.org_2026-01-31_2028-01-31.pdf",
            SamplePdf.Create("A certificate"));
        await watched.FireAsync("SweepCertificates");
        using (var content = new StringContent($$"""{"action":"update","id":{{watched.App.Simulator.Catalogue.Trainings.Ids[0]}} }"""))
        using (await watched.App.Http.PostAsync($"webhooks/{TestApp.Site}/trainings", content, TestContext.Current.CancellationToken))
        {
        }

        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 500 });
        await watched.FireAsync("CrawlInstitutes");
        await watched.RunAsync("SubmitCertificate", () => throw new InvalidOperationException("Storage does not answer."));
        watched.App.Simulator.Behaviour.Faults.Clear();
        await watched.DamageQuotaAsync();
        await watched.FireAsync("CrawlSubjects");
        var access = new AccessOptions { Vault = "https://vault.test" };
        using (var keys = new AccessKeys(
            Options.Create(access), AccessKeys.Open(access), TimeProvider.System, watched.App.Get<ILogger<AccessKeys>>()))
        {
            await keys.ReadAsync(TestContext.Current.CancellationToken);
        }

        await watched.MeasureAsync();
    }

    private static IEnumerable<string> Charts()
    {
        using var workbook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "workbook.json")));
        foreach (var item in workbook.RootElement.GetProperty("items").EnumerateArray())
            if (item.GetProperty("content").TryGetProperty("query", out var query))
                yield return query.GetString()!.Replace("{span:grain}", "5m", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Runbook() =>
        Query().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operate.md"))).Select(match => match.Groups["query"].Value);

    [GeneratedRegex("`(?<query>App[A-Z][a-z]+ \\|[^`]+)`")]
    private static partial Regex Query();
}
