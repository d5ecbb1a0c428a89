using Microsoft.AspNetCore.Http;
using Springest.Testing.Catalogue;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Benchmarks.Catalogue;

/// <summary>
/// What the mirror promises, in figures: the app as a separate process, against a simulator that takes 300 ms for each request.
/// </summary>
internal static class MirrorBenchmarks
{
    private const int Few = 3_000;
    private const int Many = 30_000;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        FirstFill few;
        await using (var simulator = await SimulateAsync(Few, cancellationToken))
        {
            few = await FillFewAsync(report, azurite, simulator, cancellationToken);
            await PlainCrawl.CompareAsync(report, azurite, simulator, few, cancellationToken);
            await UnchangedPass.RunAsync(report, azurite, simulator, "few", cancellationToken);
        }

        await using (var simulator = await SimulateAsync(Many, cancellationToken))
            await FillManyAsync(report, azurite, simulator, few, cancellationToken);

        await ReportStalenessAsync(report);
    }

    /// <summary>With every write to storage counted on its way.</summary>
    private static async Task<FirstFill> FillFewAsync(
        Report report,
        Azurite azurite,
        SimulatorServer simulator,
        CancellationToken cancellationToken)
    {
        var writes = 0;
        await using var proxy = await StorageProxy.StartAsync(azurite, cancellationToken);
        proxy.Exchange = async (request, send) =>
        {
            if (!HttpMethods.IsGet(request.Method))
                Interlocked.Increment(ref writes);
            return await send();
        };
        var fill = await FirstFill.RunAsync(proxy.ConnectionString, simulator, "few", cancellationToken);
        report.Add($"{Few:N0} trainings, first fill: requests", fill.Requests, "requests");
        report.Add($"{Few:N0} trainings, first fill: time", fill.Time.TotalSeconds, "s");
        report.Add($"{Few:N0} trainings, first fill: peak memory", fill.Memory, "MB");
        report.Add($"{Few:N0} trainings, first fill: writes to storage, with all that belongs to them", writes, "writes");
        return fill;
    }

    private static async Task FillManyAsync(
        Report report,
        Azurite azurite,
        SimulatorServer simulator,
        FirstFill few,
        CancellationToken cancellationToken)
    {
        var fill = await FirstFill.RunAsync(azurite.ConnectionString, simulator, "many", cancellationToken);
        var what = $"{Many:N0} trainings, first fill";
        report.AtMost((1.01 * Many / 30) + 2, $"{what}: requests", fill.Requests, "requests");
        report.AtMost(
            60,
            $"{what}: time, of which the API takes {fill.Requests * Latency / 8 / TimeSpan.FromSeconds(1):0} s",
            fill.Time.TotalSeconds,
            "s");
        report.AtMost(25, $"{what}: processor time of the app, its start included", fill.Processor.TotalSeconds, "s");
        report.AtMost(200, $"{what}: peak memory of the app, the snapshot included", fill.Memory, "MB");
        report.AtMost(
            (1.3 * few.Memory) + (Many * 200 / 1e6),
            $"{what}: peak memory, against 1.3 x that of {Few:N0} and 200 bytes a record",
            fill.Memory,
            "MB");
    }

    /// <summary>In virtual time, where no synchronisation context may catch what goes on at once.</summary>
    private static Task ReportStalenessAsync(Report report)
        => Task.Run(async () =>
        {
            var full = await Staleness.MeasureAsync(Many, Staleness.ByFullPasses, TimeSpan.FromHours(2), changes: 1_000, seed: 1);
            report.AtMost(
                35,
                $"{Many:N0} trainings at half the quota, no webhooks, full passes: oldest change, simulated",
                full.TotalMinutes,
                "minutes");
            var delta = await Staleness.MeasureAsync(Many, Staleness.ByDelta, TimeSpan.FromHours(26), changes: 1_000, seed: 1);
            report.AtMost(
                15,
                $"{Many:N0} trainings at half the quota, no webhooks, deltas: oldest change, simulated",
                delta.TotalMinutes,
                "minutes");
        });

    private static async Task<SimulatorServer> SimulateAsync(int trainings, CancellationToken cancellationToken)
    {
        var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = trainings, Subjects = 1_000 },
            cancellationToken);
        // Records are made when they are first asked for; here, before anything is measured.
        foreach (var id in simulator.Catalogue.Trainings.Ids)
            simulator.Catalogue.Trainings.Json(id);
        simulator.Behaviour.Latency = new Latency(Latency, Latency);
        return simulator;
    }
}
