using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Simulator;
using Springest.Testing;

namespace Springest.Benchmarks.Catalogue;

/// <summary>
/// The baseline, as the vendor's example script and most mirrors made by hand do it: page after page until the total, every row
/// written by itself, all of them every time. A process of its own, as the app is.
/// </summary>
internal static class PlainCrawl
{
    public const string Command = "plain-crawl";

    public static async Task CompareAsync(
        Report report,
        Azurite azurite,
        SimulatorServer simulator,
        FirstFill ours,
        CancellationToken cancellationToken)
    {
        simulator.Requests.Clear();
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(PlainCrawl).Assembly.Location, Command, simulator.Address.ToString(), azurite.ConnectionString])
            {
                RedirectStandardOutput = true,
            }
        )!;
        var said = (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Split(' ', StringSplitOptions.TrimEntries);
        await process.WaitForExitAsync(cancellationToken);
        var time = Stopwatch.GetElapsedTime(started);
        report.Add("baseline, plain crawl: requests", simulator.Requests.Count, "requests");
        report.Add("baseline, plain crawl: rows written, each by itself", int.Parse(said[0], CultureInfo.InvariantCulture), "writes");
        report.Add("baseline, plain crawl: time", time.TotalSeconds, "s");
        report.Add("baseline, plain crawl: peak memory", long.Parse(said[1], CultureInfo.InvariantCulture) / 1e6, "MB");
        report.AtLeast(2, "first fill, times faster than the plain crawl", time / ours.Time, "x");
    }

    /// <summary>The crawl itself; says how many rows it wrote and how much memory it had.</summary>
    public static async Task RunAsync(string api, string storage)
    {
        using var http = new HttpClient { BaseAddress = new Uri(api) };
        var table = new TableClient(storage, "PlainCrawl");
        await table.CreateIfNotExistsAsync();
        var (offset, total) = (0, 1);
        while (offset < total)
        {
            using var page = JsonDocument.Parse(
                await http.GetStringAsync($"trainings.json?full=true&size=30&offset={offset}&api_key=simulator-key"));
            total = page.RootElement.GetProperty("meta").GetProperty("results").GetInt32();
            foreach (var training in page.RootElement.GetProperty("trainings").EnumerateArray())
            {
                var json = training.GetRawText();
                var row = new TableEntity("nl", training.GetProperty("id").GetRawText())
                {
                    ["Name"] = training.GetProperty("name").GetString(),
                };
                foreach (var (index, piece) in json.Chunk(30_000).Index())
                    row[$"Json{index}"] = new string(piece);
                await table.UpsertEntityAsync(row, TableUpdateMode.Replace);
                offset++;
            }
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"{offset} {self.PeakWorkingSet64}");
    }
}
