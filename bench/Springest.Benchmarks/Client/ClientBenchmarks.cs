using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Benchmarks.Client;

/// <summary>What the typed client costs, and what fetching ahead gains.</summary>
internal static partial class ClientBenchmarks
{
    private const int Pages = 1000;

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        _ = azurite;
        await using var simulator = await SimulatorServer.StartAsync(new() { Trainings = 300, Subjects = 30 * Pages }, cancellationToken);
        simulator.Behaviour.RateLimit = new RateLimit { Limit = int.MaxValue };
        await using var services = new ServiceCollection().AddLogging()
            .AddSpringestClient("nl", site => (site.Host, site.ApiKey) = (simulator.Address, "simulator-key")).BuildServiceProvider();
        var client = services.GetRequiredService<SpringestClient>();

        await ParsingAsync(report, simulator.Address, cancellationToken);
        simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
        await CrawlAsync(report, client, cancellationToken);
    }

    private static async Task ParsingAsync(Report report, Uri host, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var answer = await http.GetStringAsync(new Uri(host, "trainings.json?full=true&size=30&api_key=simulator-key"), cancellationToken);
        // Bare System.Text.Json reads times in one form only.
        var page = Encoding.UTF8.GetBytes(Modified().Replace(answer, "\"modified\":\"2026-01-05T08:00:00+01:00\""));
        var parsing = new PageParsing(page);
        var (client, bare) = Rivals.Measure(parsing.WithClient, parsing.WithBareJson);
        report.Add("page of 30 full trainings", page.Length / 1024.0, "KB");
        report.Add("parsing it, bare System.Text.Json", bare.Milliseconds, "ms");
        report.Add("parsing it, client", client.Milliseconds, "ms");
        report.AtMost(1.3, "parsing time, client / bare System.Text.Json", client.Milliseconds / bare.Milliseconds, "x");
        report.AtMost(1.5, "parsing allocation, client / bare System.Text.Json", client.Bytes / bare.Bytes, "x");
    }

    private static async Task CrawlAsync(Report report, SpringestClient client, CancellationToken cancellationToken)
    {
        var ahead = await SecondsAsync(client, prefetch: 8, cancellationToken);
        var sequential = await SecondsAsync(client, prefetch: 1, cancellationToken);
        report.Add($"crawl of {Pages} pages at 50 ms, sequential", sequential, "s");
        report.Add($"crawl of {Pages} pages at 50 ms, prefetch 8", ahead, "s");
        report.AtLeast(7, "crawl, sequential / prefetch 8", sequential / ahead, "x");
    }

    private static async Task<double> SecondsAsync(SpringestClient client, int prefetch, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var count = await client.ListSubjects(options: new ListOptions { Prefetch = prefetch }).CountAsync(cancellationToken);
        return count == 30 * Pages ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{count} subjects came.");
    }

    [GeneratedRegex("\"modified\":\"[^\"]*\"")]
    private static partial Regex Modified();
}
