using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Certificates.Ledger;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>Every query is an alert, and whoever is called finds what to do. What queries find is tested with the app.</summary>
public sealed partial class AlertTests(Deployments deployments)
{
    [Fact]
    public async Task Every_query_is_an_alert_with_somebody_to_call()
    {
        var deployment = await deployments.Least;
        var alerts = deployment.All("Microsoft.Insights/scheduledQueryRules").ToArray();

        Assert.Equal(
            Directory.GetFiles(Repository.PathOf("infra/alerts")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(),
            deployment.Names("Microsoft.Insights/scheduledQueryRules").Order());
        Assert.All(alerts, alert => Assert.Equal(
            Repository.Read($"infra/alerts/{alert["name"]}.kql"),
            alert["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>()));
        Assert.All(
            alerts.Concat(deployment.All("Microsoft.Insights/metricAlerts")),
            alert =>
                Assert.Contains("/actionGroups/ag-springest", alert["properties"]!["actions"]!.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_alert_has_an_entry_in_the_runbook_and_the_other_way_round()
    {
        var deployment = await deployments.Least;
        var alerts = deployment.Names("Microsoft.Insights/scheduledQueryRules").Concat(deployment.Names("Microsoft.Insights/metricAlerts"));
        var entries = RunbookEntry().Matches(Repository.Read("docs/operate.md"));

        Assert.Equal(alerts.Order(), entries.Select(entry => entry.Groups["name"].Value).Order());
        Assert.All(entries, entry => Assert.All(
            (string[])["**What it means.**", "**How to look.**", "**What to do.**"],
            part => Assert.Contains(part, entry.Groups["text"].Value, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Each_query_gets_as_much_time_as_it_asks_about()
        => Assert.All(
            (await deployments.Least).All("Microsoft.Insights/scheduledQueryRules"),
            alert =>
            {
                var query = alert["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>();
                var window = XmlConvert.ToTimeSpan(alert["properties"]!["windowSize"]!.GetValue<string>());
                Assert.All(
                    Ago().Matches(query),
                    ago => Assert.InRange(int.Parse(ago.Groups["minutes"].Value, CultureInfo.InvariantCulture), 1, window.TotalMinutes));
            });

    [Fact]
    public void The_mirror_is_stale_after_twice_its_interval()
        => Assert.Equal(
            MirroredResources.All.Select(resource => (resource.Name, resource.FullPassInterval.TotalHours)).Order(),
            Interval()
                .Matches(Repository.Read("infra/alerts/mirror-stale.kql"))
                .Select(row => (row.Groups["resource"].Value, double.Parse(row.Groups["hours"].Value, CultureInfo.InvariantCulture)))
                .Order());

    [Fact]
    public void Certificates_wait_in_states_that_exist()
    {
        var states = StateList().Match(Repository.Read("infra/alerts/certificates-waiting.kql")).Groups["states"].Value;

        Assert.Equal(
            [nameof(SubmissionState.OutcomeUnknown), nameof(SubmissionState.Held)],
            Quote().Matches(states).Select(state => state.Groups["text"].Value));
    }

    [GeneratedRegex(@"^### (?<name>[a-z-]+)$(?<text>[^#]*)", RegexOptions.Multiline)]
    private static partial Regex RunbookEntry();

    [GeneratedRegex("'(?<text>[^']+)'")]
    private static partial Regex Quote();

    [GeneratedRegex(@"ago\((?<minutes>\d+)m\)")]
    private static partial Regex Ago();

    [GeneratedRegex(@"'(?<resource>\w+)', (?<hours>\d+),")]
    private static partial Regex Interval();

    [GeneratedRegex(@"state in \((?<states>[^)]+)\)")]
    private static partial Regex StateList();
}
