using System.Text.RegularExpressions;
using Springest.Functions;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;

namespace Springest.Infra.Tests;

/// <summary>Alerts and charts ask for what the code measures and logs, and whoever is called finds what to do.</summary>
public sealed partial class AlertTests(Deployments deployments)
{
    public static TheoryData<string> Queries =>
        [.. Directory.GetFiles(Repository.PathOf("infra/alerts"), "*.kql").Select(file => $"infra/alerts/{Path.GetFileName(file)}").Append("infra/workbook.json")];

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
            alert => Assert.Contains("/actionGroups/ag-springest", alert["properties"]!["actions"]!.ToJsonString(), StringComparison.Ordinal));
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

    [Theory]
    [MemberData(nameof(Queries))]
    public void Metrics_and_their_tags_are_those_of_the_code(string file)
    {
        var documented = MetricRow().Matches(Repository.Read("docs/metrics.md"))
            .ToDictionary(row => row.Groups["name"].Value, row => Quoted().Matches(row.Groups["tags"].Value).Select(tag => tag.Groups["text"].Value).ToHashSet());
        // One piece for each metric: what follows its name is about it.
        foreach (Match piece in MetricUse().Matches(Repository.Read(file)))
        {
            var name = piece.Groups["name"].Value;
            Assert.True(documented.ContainsKey(name), $"{file} asks for the metric {name}, which docs/metrics.md does not have.");
            var tags = Property().Matches(piece.Groups["rest"].Value).Select(property => property.Groups["name"].Value);
            Assert.Empty(tags.Except(documented[name]).Select(tag => $"{name} has no tag {tag}"));
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void Events_are_those_of_the_code(string file)
    {
        foreach (Match use in EventUse().Matches(Repository.Read(file)))
        {
            var type = typeof(SpringestFunctions).Assembly.GetType(use.Groups["category"].Value);
            Assert.True(type is not null, $"{file} asks for events of {use.Groups["category"]}, and there is no such class.");
            var log = type.GetNestedType("Log", System.Reflection.BindingFlags.NonPublic)!;
            Assert.True(log.GetMethod(use.Groups["name"].Value) is not null, $"{file} asks for the event {use.Groups["name"]} of {type}, and there is none.");
        }
    }

    [Fact]
    public void The_mirror_is_stale_after_twice_its_interval()
        => Assert.Equal(
            ResourceDescription.All.Select(resource => (resource.Name, resource.FullPassInterval.TotalHours)).Order(),
            Interval().Matches(Repository.Read("infra/alerts/mirror-stale.kql"))
                .Select(row => (row.Groups["resource"].Value, double.Parse(row.Groups["hours"].Value, System.Globalization.CultureInfo.InvariantCulture))).Order());

    [Fact]
    public void Certificates_wait_in_states_that_exist()
    {
        var states = StateList().Match(Repository.Read("infra/alerts/certificates-waiting.kql")).Groups["states"].Value;

        Assert.Equal([nameof(SubmissionState.OutcomeUnknown), nameof(SubmissionState.Held)], Quote().Matches(states).Select(state => state.Groups["text"].Value));
    }

    [GeneratedRegex(@"^### (?<name>[a-z-]+)$(?<text>[^#]*)", RegexOptions.Multiline)]
    private static partial Regex RunbookEntry();

    [GeneratedRegex(@"^\| `(?<name>springest\.[a-z_.]+)` \| \w+ \| ?[^|]*?\| (?<tags>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("'(?<text>[^']+)'")]
    private static partial Regex Quote();

    [GeneratedRegex(@"'(?<name>springest\.[a-z_.]+)'(?<rest>((?!'springest\.|AppTraces)[\s\S])*)")]
    private static partial Regex MetricUse();

    [GeneratedRegex(@"Properties\.(?<name>[A-Za-z]+)")]
    private static partial Regex Property();

    [GeneratedRegex(@"CategoryName == '(?<category>[^']+)' and Properties\.EventName == '(?<name>[^']+)'")]
    private static partial Regex EventUse();

    [GeneratedRegex(@"'(?<resource>\w+)', (?<hours>\d+),")]
    private static partial Regex Interval();

    [GeneratedRegex(@"state in \((?<states>[^)]+)\)")]
    private static partial Regex StateList();
}
