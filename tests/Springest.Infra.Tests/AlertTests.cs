using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Springest.Functions.Status.Report;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>Every query is an alert, and whoever is called finds what to do. What queries find is tested with the app.</summary>
public sealed partial class AlertTests(Deployments deployments)
{
    private const string LogAlert = "Microsoft.Insights/scheduledQueryRules";
    private const string MetricAlert = "Microsoft.Insights/metricAlerts";

    [Fact]
    public async Task Every_query_is_an_alert_with_somebody_to_call()
    {
        var deployment = await deployments.Everything;
        var alerts = deployment.All(LogAlert).ToArray();

        Assert.Equal(
            Directory.GetFiles(Repository.PathOf("infra/alerts")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(),
            deployment.Names(LogAlert).Order());
        Assert.All(alerts, alert => Assert.Equal(
            Repository.Read($"infra/alerts/{alert["name"]}.kql"),
            alert["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>()));
        Assert.All(
            alerts.Concat(deployment.All(MetricAlert)),
            alert => Assert.EndsWith(
                $"/actionGroups/ag-springest{(alert["name"]!.GetValue<string>() == "daily-summary" ? "-office" : "")}\"",
                alert["properties"]!["actions"]!.ToJsonString().TrimEnd(']', '}'), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_office_gets_a_mail_a_day_if_it_has_an_address()
    {
        var summary = (await deployments.Everything).All(LogAlert).Single(alert => alert["name"]!.GetValue<string>() == "daily-summary");
        var group = (await deployments.Everything).All("Microsoft.Insights/actionGroups")
            .Single(group => group["name"]!.GetValue<string>() == "ag-springest-office");

        Assert.Equal("P1D", summary["properties"]!["evaluationFrequency"]!.GetValue<string>());
        Assert.False(summary["properties"]!["autoMitigate"]!.GetValue<bool>());
        Assert.Contains("/api/console", summary["properties"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            ["office@example.org", "front@example.org"],
            group["properties"]!["emailReceivers"]!.AsArray().Select(receiver => receiver!["emailAddress"]!.GetValue<string>()));
        Assert.DoesNotContain("daily-summary", (await deployments.Least).Names(LogAlert));
        Assert.Single((await deployments.Least).All("Microsoft.Insights/actionGroups"));
    }

    [Fact]
    public async Task Every_alert_and_every_kind_has_an_entry_in_the_runbook_and_the_other_way_round()
    {
        var deployment = await deployments.Everything;
        var alerts = deployment.Names(LogAlert).Concat(deployment.Names(MetricAlert));
        var entries = RunbookEntry().Matches(Repository.Read("docs/operate.md"))
            .ToDictionary(entry => entry.Groups["name"].Value, entry => entry.Groups["text"].Value);

        Assert.Equal(alerts.Concat(TodoKinds.Severities.Keys).Order(), entries.Keys.Order());
        Assert.All(entries.Values, text => Assert.All(
            (string[])["**What it means.**", "**How to look.**", "**What to do.**"],
            part => Assert.Contains(part, text, StringComparison.Ordinal)));
        Assert.All(TodoKinds.Severities, kind => Assert.StartsWith(
            $"Severity {kind.Value}. ", entries[kind.Key].TrimStart(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_query_gets_as_much_time_as_it_asks_about()
        => Assert.All(
            (await deployments.Everything).All(LogAlert),
            alert =>
            {
                var query = alert["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>();
                var window = XmlConvert.ToTimeSpan(alert["properties"]!["windowSize"]!.GetValue<string>());
                Assert.All(
                    Ago().Matches(query),
                    ago => Assert.InRange(int.Parse(ago.Groups["minutes"].Value, CultureInfo.InvariantCulture), 1, window.TotalMinutes));
            });

    [Fact]
    public void Needs_a_person_is_about_the_severities_that_call_somebody()
        => Assert.Contains(
            $"severity in ({string.Join(", ", Enumerable.Range(1, TodoKinds.Calls).Select(severity => $"'{severity}'"))})",
            Repository.Read("infra/alerts/needs-a-person.kql"),
            StringComparison.Ordinal);

    /// <summary>
    /// By list prices: a log alert that looks every quarter of an hour or more seldom $0.50, each further series of it $0.05; a metric
    /// alert $0.10 a series; logs $2.30 a GB, of which 5 GB are free.
    /// </summary>
    [Fact]
    public async Task A_month_of_alerts_and_logs_costs_four_dollars_at_most()
    {
        var deployment = await deployments.Everything;
        Assert.All(deployment.All(LogAlert), alert => Assert.True(
            XmlConvert.ToTimeSpan(alert["properties"]!["evaluationFrequency"]!.GetValue<string>()) >= TimeSpan.FromMinutes(15)));
        // At worst something of every kind waits all month long.
        var kinds = TodoKinds.Severities.Count(kind => kind.Value <= TodoKinds.Calls);
        var rules = 0.5 * deployment.All(LogAlert).Count();
        var logAlerts = rules + (0.05 * (kinds - 1));
        var metricAlerts = deployment.All(MetricAlert)
            .Select(alert => alert["properties"]!["criteria"]!["allOf"]![0]!["dimensions"]?.AsArray())
            .Sum(dimensions => 0.1 * (dimensions?.Sum(dimension => dimension!["values"]!.AsArray().Count) ?? 1));
        // A test with the app computes how much it is.
        var volume = Volume().Match(Repository.Read("docs/deploy.md")).Groups["gigabytes"].Value;
        var logs = 2.3 * Math.Max(0, double.Parse(volume, CultureInfo.InvariantCulture) - 5);

        Assert.InRange(logAlerts + metricAlerts + logs, 1, 4);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"| ${rules + metricAlerts:0.00} to ${logAlerts + metricAlerts:0.00} |"),
            Repository.Read("docs/deploy.md"),
            StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^### (?<name>[a-z-]+)$(?<text>.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex RunbookEntry();

    [GeneratedRegex(@"ago\((?<minutes>\d+)m\)")]
    private static partial Regex Ago();

    [GeneratedRegex(@"logs and metrics, (?<gigabytes>[\d.]+) GB")]
    private static partial Regex Volume();
}
