using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Conventions;

/// <summary>docs/metrics.md has every metric as the code has it, and no other.</summary>
public sealed partial class MetricNamesTests(AzuriteFixture storage)
{
    [Fact]
    public async Task The_documentation_names_every_metric_and_no_other()
    {
        await using var app = await TestApp.StartAsync(storage.Azurite);
        using var telemetry = new CapturedTelemetry(app.Get<IMeterFactory>());
        // A feature's metrics are made with its first use.
        await app.FireAsync("CrawlTrainings");
        await app.FireAsync("SweepCertificates");
        await app.FireAsync("Measure");
        using var refused = await app.Http.GetAsync("webhooks/nl/trainings", TestContext.Current.CancellationToken);

        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"), TestContext.Current.CancellationToken);
        var documented = MetricRow().Matches(page).ToDictionary(row => row.Groups["name"].Value);
        Assert.Equal(
            telemetry
                .Instruments.Select(instrument => $"{instrument.Name} {KindOf(instrument)} {instrument.Unit} {instrument.Description}")
                .Order(),
            documented
                .Values.Select(row =>
                    $"{row.Groups["name"]} {row.Groups["kind"]} {row.Groups["unit"].Value.Trim('`')} {row.Groups["text"]}")
                .Order());
        Assert.All(
            telemetry.Measurements,
            measurement =>
                Assert.Equal(
                    documented[measurement.Name].Groups["tags"].Value,
                    string.Join(", ", measurement.Tags.Select(tag => $"`{tag.Key}`"))));
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var name when name.Contains("Counter", StringComparison.Ordinal) => "counter",
        var name when name.Contains("Gauge", StringComparison.Ordinal) => "gauge",
        _ => "histogram",
    };

    [GeneratedRegex(
        @"^\| `(?<name>springest\.[a-z_.]+)` \| (?<kind>\w+) \| ?(?<unit>[^|]*?) ?\| ?(?<tags>[^|]*?) ?\| (?<text>[^|]*) \|$",
        RegexOptions.Multiline
    )]
    private static partial Regex MetricRow();
}
