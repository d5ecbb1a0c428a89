using Springest.Testing;

namespace Springest.Benchmarks.Webhooks;

/// <summary>What a burst of webhooks that name the same trainings again and again costs.</summary>
internal static class Burst
{
    private const int Trainings = 100;
    private const int Webhooks = 1_000;
    private const int Senders = 20;

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await using var app = await WebhookApp.StartAsync(
            azurite.ConnectionString,
            Trainings,
            TimeSpan.FromMilliseconds(100),
            timer: true,
            cancellationToken: cancellationToken);
        var named = Enumerable.Range(0, Webhooks).Select(i => app.Simulator.Catalogue.Trainings.Ids[i % Trainings]).ToArray();
        new Random(1).Shuffle(named);
        await Parallel.ForEachAsync(
            named,
            new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken },
            async (id, token) => await app.DeliverAsync(WebhookApp.Update(id), token));
        await app.ApplyAllAsync(cancellationToken);
        report.AtMost(
            Trainings * 1.05,
            $"{Webhooks:N0} webhooks over {Trainings} trainings, {Senders} at once: reads from the API",
            app.Simulator.Requests.Count,
            "requests");
    }
}
