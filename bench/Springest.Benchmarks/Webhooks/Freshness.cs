using System.Diagnostics;
using Azure.Data.Tables;
using Springest.Testing.Webhooks;
using Springest.Testing;

namespace Springest.Benchmarks.Webhooks;

/// <summary>
/// How long it takes from the first byte of a webhook until the row of the training that it names is as at the API, which takes 100 ms for
/// each answer.
/// </summary>
internal static class Freshness
{
    private const int Trainings = 24_000;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await using (var app = await WebhookApp.StartAsync(
            azurite.ConnectionString, Trainings, Latency, timer: true, cancellationToken: cancellationToken))
        {
            await app.MirrorAsync(cancellationToken);
            await MeasureAsync(app, 10, TimeSpan.FromMilliseconds(200), cancellationToken);
            Tell(
                report,
                1,
                $"a webhook's training in the mirror, inline, {Trainings:N0} trainings there",
                await MeasureAsync(app, 80, TimeSpan.FromMilliseconds(500), cancellationToken));
        }

        await using (var app = await WebhookApp.StartAsync(
            azurite.ConnectionString,
            Trainings / 10,
            Latency,
            new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" },
            timer: true,
            cancellationToken))
        {
            await app.MirrorAsync(cancellationToken);
            Tell(
                report,
                20,
                $"the same by the timer, {Trainings / 10:N0} trainings there",
                await MeasureAsync(app, 40, TimeSpan.FromSeconds(1), cancellationToken));
        }
    }

    private static void Tell(Report report, double bound, string what, List<double> seconds)
    {
        report.Add($"{what}: median", seconds[seconds.Count / 2], "s");
        report.AtMost(bound, $"{what}: 95 %", seconds[seconds.Count * 95 / 100], "s");
    }

    /// <summary>Changes one training after another, tells of each, and waits for all of them. In order of size.</summary>
    private static async Task<List<double>> MeasureAsync(WebhookApp app, int count, TimeSpan pause, CancellationToken cancellationToken)
    {
        var waits = new List<Task<double>>();
        foreach (
            var id in app
                .Simulator.Catalogue.Trainings.Ids.Where((_, index) => index % (app.Simulator.Catalogue.Trainings.Count / count) == 0)
                .Take(count))
        {
            app.Simulator.Catalogue.Trainings.Update(id, training => training["name"] = $"Name {Guid.NewGuid()}");
            waits.Add(WaitAsync(app, id, cancellationToken));
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }

        return [.. (await Task.WhenAll(waits)).Order()];
    }

    private static async Task<double> WaitAsync(WebhookApp app, long id, CancellationToken cancellationToken)
    {
        var (start, table) = (Stopwatch.GetTimestamp(), app.Storage.Table("Trainings"));
        await app.DeliverAsync(WebhookApp.Update(id), cancellationToken);
        while (
            WebhookBodies.JsonOf(await table.GetEntityAsync<TableEntity>("nl", $"{id:D19}", cancellationToken: cancellationToken))
            != app.Simulator.Catalogue.Trainings.Json(id))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
