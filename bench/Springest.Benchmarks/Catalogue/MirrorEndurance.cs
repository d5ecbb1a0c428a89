using Springest.Testing.Catalogue;
using Springest.Testing;

namespace Springest.Benchmarks.Catalogue;

/// <summary>
/// What takes long: 10,000 rounds of chaos, and 200 kills of real processes. MIRROR_SEED repeats a run; MIRROR_ROUNDS and MIRROR_KILLS
/// do less or more of each.
/// </summary>
internal static class MirrorEndurance
{
    private const int KillsPerRun = 10;

    private static readonly int Rounds = Variable.Number("MIRROR_ROUNDS", 10_000);
    private static readonly int Kills = Variable.Number("MIRROR_KILLS", 200);

    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        var first = Variable.Number("MIRROR_SEED", Random.Shared.Next(1_000_000_000));
        Console.WriteLine($"MIRROR_SEED={first}");
        var (broken, done) = (0, 0);
        await Parallel.ForEachAsync(
            Enumerable.Range(first, Rounds),
            cancellationToken,
            async (seed, _)
            => {
                using var round = ChaosRound.InMemory(seed);
                if (!await HoldsAsync(round.RunAsync))
                    Interlocked.Increment(ref broken);
                if (Interlocked.Increment(ref done) % 500 == 0)
                    Console.WriteLine($"{done} rounds");
            });
        report.AtMost(
            0,
            $"{Rounds:N0} simulations of crawls over shifting data, faults, webhooks and crashes: promises broken",
            broken,
            "rounds");

        var (killed, lost) = (0, 0);
        for (var seed = first; killed < Kills; seed++)
        {
            var run = new MirrorKills(azurite, seed, KillsPerRun);
            lost += await HoldsAsync(async () => killed += await run.RunAsync(cancellationToken)) ? 0 : 1;
            Console.WriteLine($"{killed} kills");
        }

        report.AtMost(0, $"{killed} kills of processes: promises broken", lost, "runs");
    }

    private static async Task<bool> HoldsAsync(Func<Task> promise)
    {
        try
        {
            await promise();
            return true;
        }
        catch (InvalidOperationException broken)
        {
            Console.WriteLine(broken.Message);
            return false;
        }
    }
}
