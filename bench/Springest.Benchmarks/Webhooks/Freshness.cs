using System.Diagnostics;
using Azure.Data.Tables;
using Springest.Benchmarks.Catalogue;
using Springest.Functions.Storage;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Webhooks;

namespace Springest.Benchmarks.Webhooks;

/// <summary>
/// How long it takes from the first byte of a webhook until the row of the training that it names is as at the API, which takes 100 ms for
/// each answer: in the published worker process, with the default schedule.
/// </summary>
internal sealed class Freshness
{
    private const int Trainings = 24_000;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly string _prefix = $"f{Guid.NewGuid():N}"[..12];
    private readonly Azurite _azurite;
    private readonly SimulatorServer _simulator;
    private readonly AppStorage _storage;
    private readonly Queue<long> _untold;

    private Freshness(Azurite azurite, SimulatorServer simulator)
    {
        (_azurite, _simulator, _storage) = (azurite, simulator, MirrorProcess.Storage(azurite.ConnectionString, _prefix));
        // From all over the table.
        _untold = new(simulator.Catalogue.Trainings.Ids.Where((_, index) => index % 100 == 0));
    }

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = Trainings, Subjects = 1, Certifications = 1, ApiKey = "simulator-key" }, cancellationToken);
        simulator.Behaviour.RateLimit = new RateLimit { Limit = int.MaxValue };
        var office = new Freshness(azurite, simulator);
        await FirstFill.RunAsync(azurite.ConnectionString, simulator, office._prefix, cancellationToken);
        simulator.Behaviour.Latency = new Latency(Latency, Latency);
        await office.MeasureAsync(report, cancellationToken);
    }

    private async Task MeasureAsync(Report report, CancellationToken cancellationToken)
    {
        await using (var app = await StartAsync([], cancellationToken))
        {
            await TellAsync(app, 10, TimeSpan.FromMilliseconds(200), isFirstLost: false, cancellationToken);
            Report(
                report, 1, $"a webhook's training in the mirror, inline, {Trainings:N0} trainings there",
                await TellAsync(app, 80, TimeSpan.FromMilliseconds(500), isFirstLost: false, cancellationToken));
            Report(
                report, 60, "the same when the first attempt fails",
                await TellAsync(app, 80, TimeSpan.FromMilliseconds(500), isFirstLost: true, cancellationToken));
        }

        await using (var app = await StartAsync(new() { ["Springest__Webhooks__InlineBudget"] = "00:00:00" }, cancellationToken))
            Report(
                report, 20, "the same by the timer",
                await TellAsync(app, 40, TimeSpan.FromSeconds(1), isFirstLost: false, cancellationToken));

        var longest = 0d;
        for (var time = 0; time < 3; time++)
        {
            await using var holder = await StartAsync([], cancellationToken);
            await holder.WaitForLinesAsync("Executing 'Functions.ApplyWebhooks'", cancellationToken: cancellationToken);
            await using var other = await StartAsync([], cancellationToken);
            holder.Kill();
            var seconds = await TellAsync(other, 1, TimeSpan.Zero, isFirstLost: true, cancellationToken);
            longest = Math.Max(longest, seconds[0]);
        }

        report.AtMost(180, "the same when the first attempt fails just after the timers' holder was killed: longest of 3", longest, "s");
    }

    private Task<AppProcess> StartAsync(Dictionary<string, string> settings, CancellationToken cancellationToken)
        => MirrorProcess.StartForWebhooksAsync(_azurite, _prefix, _simulator, settings, cancellationToken);

    private static void Report(Report report, double bound, string what, List<double> seconds)
    {
        report.Add($"{what}: median", seconds[seconds.Count / 2], "s");
        report.AtMost(bound, $"{what}: 95 %", seconds[seconds.Count * 95 / 100], "s");
    }

    /// <summary>Changes one training after another, tells of each, and waits for all of them. In order of size.</summary>
    private async Task<List<double>> TellAsync(
        AppProcess app, int count, TimeSpan pause, bool isFirstLost, CancellationToken cancellationToken)
    {
        var waits = new List<Task<double>>();
        for (var told = 0; told < count; told++)
        {
            var id = _untold.Dequeue();
            _simulator.Catalogue.Trainings.Update(id, training => training["name"] = $"Name {Guid.NewGuid()}");
            if (isFirstLost)
                _simulator.Behaviour.Faults.Add(new Fault { Path = $"/trainings/{id}", Status = 400, Times = 1 });
            waits.Add(WaitAsync(app, id, cancellationToken));
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }

        return [.. (await Task.WhenAll(waits)).Order()];
    }

    private async Task<double> WaitAsync(AppProcess app, long id, CancellationToken cancellationToken)
    {
        var (start, table) = (Stopwatch.GetTimestamp(), _storage.Table("Trainings"));
        await app.DeliverWebhookAsync(WebhookApp.Update(id), cancellationToken);
        while (
            WebhookBodies.JsonOf(await table.GetEntityAsync<TableEntity>("nl", $"{id:D19}", cancellationToken: cancellationToken))
            != _simulator.Catalogue.Trainings.Json(id))
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
