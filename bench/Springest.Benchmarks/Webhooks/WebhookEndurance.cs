using System.Collections.Concurrent;
using Springest.Testing.Webhooks;
using Springest.Testing;

namespace Springest.Benchmarks.Webhooks;

/// <summary>
/// What takes long: histories on storage in memory, shuffled, cut off or with faults, and processes that are killed. SEED repeats a
/// run; SIMULATIONS, KILL_POINTS and KILLS say how many of each, so that it can be run in pieces.
/// </summary>
internal static class WebhookEndurance
{
    private const int KillsPerRun = 10;

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        var first = Variable.Number("SEED", Random.Shared.Next(1_000_000));
        var (simulations, points) = (Variable.Number("SIMULATIONS", 10_000), Variable.Number("KILL_POINTS", 1_000));
        Console.WriteLine($"SEED={first}");
        await TellAsync(
            report, "simulated histories, told in any order and repeated: mirror unlike the API's data",
            Enumerable.Range(first, simulations), (world, seed) => world.ShuffleAsync(seed), cancellationToken);
        await TellAsync(
            report,
            "simulated deaths at a request to storage: acknowledged changes lost",
            await PointsAsync(first, points, cancellationToken),
            async (world, point) => (await world.KillAsync(point.Seed, point.Request, point.AnswerLost)).Wrong,
            cancellationToken);
        await TellAsync(
            report,
            "simulated histories with one request in ten to storage failing: acknowledged changes lost",
            Enumerable.Range(first, points),
            async (world, seed) => (await world.KillAsync(seed, int.MaxValue, false, faults: 0.1)).Wrong,
            cancellationToken);
        await KillAsync(report, azurite, first, Variable.Number("KILLS", 60), cancellationToken);
    }

    private static async Task TellAsync<T>(
        Report report, string name, IEnumerable<T> histories, Func<WebhookWorld, T, Task<string?>> run, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<T>(histories);
        var (count, wrong) = (waiting.Count, 0);
        // Each has a catalogue of its own, on which histories follow each other.
        await Parallel.ForAsync(0, Environment.ProcessorCount, cancellationToken, async (_, token) =>
        {
            await using var world = await WebhookWorld.StartAsync();
            while (!token.IsCancellationRequested && waiting.TryDequeue(out var history))
            {
                if (await run(world, history) is not { } fault)
                    continue;
                Console.WriteLine(fault);
                Interlocked.Increment(ref wrong);
            }
        });
        if (count > 0)
            report.AtMost(0, $"{count:N0} {name}", wrong, "histories");
    }

    /// <summary>Every request of a history, killed before and after it, and on with the next history until there are enough.</summary>
    private static async Task<List<(int Seed, int Request, bool AnswerLost)>> PointsAsync(
        int first,
        int count,
        CancellationToken cancellationToken)
    {
        await using var world = await WebhookWorld.StartAsync();
        var points = new List<(int, int, bool)>();
        for (var seed = first; points.Count < count; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (length, _) = await world.KillAsync(seed, int.MaxValue, answerLost: false);
            points.AddRange(Enumerable.Range(1, length).SelectMany(request => new[] { (seed, request, false), (seed, request, true) }));
        }

        return points[..count];
    }

    private static async Task KillAsync(Report report, Azurite azurite, int first, int kills, CancellationToken cancellationToken)
    {
        var (killed, wrong) = (0, 0);
        for (var seed = first; killed < kills; seed++)
        {
            var run = await WebhookKills.RunAsync(azurite, seed, Math.Min(KillsPerRun, kills - killed), cancellationToken);
            killed += run.Killed;
            if (run.Wrong is null)
                continue;
            Console.WriteLine(run.Wrong);
            wrong++;
        }

        if (killed > 0)
            report.AtMost(0, $"{killed:N0} kills of processes: runs in which acknowledged changes were lost", wrong, "runs");
    }
}
