using Azure.Data.Tables;
using Springest.Functions.Webhooks;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Webhooks;

namespace Springest.Benchmarks.Webhooks;

/// <summary>
/// What a burst of webhooks that name the same trainings again and again costs, in the published worker process with the default schedule.
/// </summary>
internal static class Burst
{
    private const int Trainings = 100;
    private const int Webhooks = 1_000;
    private const int Senders = 20;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = Trainings, Subjects = 1, Certifications = 1, ApiKey = "simulator-key" }, cancellationToken);
        simulator.Behaviour.RateLimit = new RateLimit { Limit = int.MaxValue };
        simulator.Behaviour.Latency = new Latency(Latency, Latency);
        var prefix = $"b{Guid.NewGuid():N}"[..12];
        await using var app = await MirrorProcess.StartForWebhooksAsync(azurite, prefix, simulator, [], cancellationToken);
        var ids = simulator.Catalogue.Trainings.Ids;
        var named = Enumerable.Range(0, Webhooks).Select(i => ids[i % Trainings]).ToArray();
        new Random(1).Shuffle(named);
        await Parallel.ForEachAsync(
            named,
            new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken },
            async (id, token) => await app.DeliverWebhookAsync(WebhookApp.Update(id), token));
        var inbox = MirrorProcess.Storage(azurite.ConnectionString, prefix).Table(WebhookStorage.Inbox);
        while (await inbox.QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: cancellationToken).AnyAsync(cancellationToken))
            await Task.Delay(Latency, TimeProvider.System, cancellationToken);
        report.AtMost(
            Trainings * 1.05,
            $"{Webhooks:N0} webhooks over {Trainings} trainings, {Senders} at once: reads from the API",
            simulator.Requests.Count,
            "requests");
    }
}
