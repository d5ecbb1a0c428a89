using System.Diagnostics;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;
using Springest.Testing;

namespace Springest.Benchmarks.Webhooks;

/// <summary>
/// How many webhooks one instance acknowledges in a second, against bare inserts of a row as large, under the same keys and into a
/// table that grows as the table of deliveries does, in turns: with Azurite's index and as Azurite comes, near and 15 ms away.
/// </summary>
internal static class Acknowledgements
{
    private const int Trainings = 1000;
    private const int Rounds = 5;
    private const int PerRound = 1000;
    private const int Senders = 20;

    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(15);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        await using var plain = await Azurite.StartAsync(indexed: false, cancellationToken: cancellationToken);
        foreach (var (name, storage) in new[] { ("with Azurite's index", azurite), ("without Azurite's index", plain) })
        {
            await MeasureAsync(report, name, storage.ConnectionString, cancellationToken);
            await using var far = await StorageProxy.StartAsync(storage, cancellationToken);
            far.Exchange = async (_, send) =>
            {
                await Task.Delay(Distance, TimeProvider.System, cancellationToken);
                return await send();
            };
            await MeasureAsync(report, $"{name}, 15 ms away", far.ConnectionString, cancellationToken);
        }
    }

    private static async Task MeasureAsync(Report report, string where, string storage, CancellationToken cancellationToken)
    {
        await using var app = await WebhookApp.StartAsync(storage, Trainings, cancellationToken);
        var table = app.Storage.Table("Bare");
        await table.CreateIfNotExistsAsync(cancellationToken);
        await RateAsync(500, Insert, cancellationToken);
        await RateAsync(500, Deliver, cancellationToken);
        await app.ApplyAllAsync(cancellationToken);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var bare = await RateAsync(PerRound, Insert, cancellationToken);
            var acknowledged = await RateAsync(PerRound, Deliver, cancellationToken);
            ratios.Add(acknowledged / bare);
            if (round == Rounds - 1)
            {
                var rows = $"with {500 + (round * PerRound):N0} rows in either table, {where}";
                report.Add($"baseline: bare inserts, {Senders} at once, {rows}", bare, "per s");
                report.Add($"webhooks acknowledged, {Senders} at once, {rows}", acknowledged, "per s");
            }

            await app.ApplyAllAsync(cancellationToken);
        }

        report.AtLeast(
            0.8,
            $"acknowledgements of one instance against bare inserts, {where}, median of {Rounds} rounds",
            ratios.Order().ElementAt(Rounds / 2),
            "x");
        report.Add($"the same, {where}, worst round", ratios.Min(), "x");
        await table.DeleteAsync(cancellationToken);

        Task Insert(int i) => table.AddEntityAsync(Row(), cancellationToken);
        Task Deliver(int i) =>
            app.DeliverAsync(WebhookApp.Update(app.Simulator.Catalogue.Trainings.Ids[i * 7 % Trainings]), cancellationToken);
    }

    private static DeliveryEntity Row()
    {
        var row = DeliveryEntity.Create("nl", WebhookFeed.Trainings, TimeProvider.System.GetUtcNow());
        (row.Accepted, row.Objects, row.Content, row.Bytes) = (1, 1, new byte[100], 100);
        return row;
    }

    // The last answers wait until what the webhooks named has been applied, which is another figure: the first 95 % count.
    private static async Task<double> RateAsync(int requests, Func<int, Task> request, CancellationToken cancellationToken)
    {
        var (next, answered, elapsed) = (-1, 0, TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(
            async () =>
            {
                for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
                {
                    await request(i);
                    if (Interlocked.Increment(ref answered) == requests * 95 / 100)
                        elapsed = Stopwatch.GetElapsedTime(start);
                }
            },
            cancellationToken)));
        return requests * 0.95 / elapsed.TotalSeconds;
    }
}
