using System.Collections.Concurrent;
using System.Globalization;
using Spectre.Console;
using Springest.Testing.Certificates;
using Springest.Testing;

namespace Springest.Benchmarks.Certificates;

/// <summary>Nothing twice and nothing lost: in thousands of histories in memory, and in hundreds of processes that are killed.</summary>
/// <remarks>SEED says with which history to begin, SEEDS how many, KILLS how many processes.</remarks>
internal static class CertificateEndurance
{
    public static async Task RunAsync(Report report, Azurite azurite, CancellationToken cancellationToken)
    {
        if (Variable.Number("SEEDS", 10_000) is var seeds and > 0)
            await LiveThroughAsync(report, Variable.Number("SEED", 1), seeds, cancellationToken);
        if (Variable.Number("KILLS", 200) is var kills and > 0)
            await KillAsync(report, azurite, kills, cancellationToken);
    }

    private static async Task LiveThroughAsync(Report report, int first, int count, CancellationToken cancellationToken)
    {
        var (failures, done) = (new ConcurrentBag<string>(), 0);
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (seed, _) =>
            {
                try
                {
                    await CertificateHistory.RunAsync(seed);
                }
                catch (Exception e)
                {
                    failures.Add(e.Message);
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]seed {seed}: {e.Message}[/]");
                }

                if (Interlocked.Increment(ref done) % 500 == 0)
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{done} histories[/]");
            });
        report.Add($"histories, from seed {first} on", done, "histories");
        report.AtMost(0, "histories with a certificate submitted twice, a file lost, or anything else wrong", failures.Count, "histories");
    }

    private static async Task KillAsync(Report report, Azurite azurite, int count, CancellationToken cancellationToken)
    {
        await using var kills = await CertificateKills.StartAsync(azurite, seed: Variable.Number("SEED", 1), cancellationToken);
        while (kills.Kills < count)
        {
            await kills.LiveAsync(cancellationToken);
            if (kills.Kills % 20 == 0)
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{kills.Kills} kills[/]");
        }

        var (submitted, twice, lost, decided) = await kills.SettleAsync(cancellationToken);
        report.Add("processes killed at work", kills.Kills, "processes");
        report.Add("certificates at Springest then, one for each file", submitted, "certificates");
        report.Add("of these, decided by a person since nobody could know", decided, "certificates");
        report.AtMost(0, "certificates submitted twice", twice, "certificates");
        report.AtMost(0, "files without a receipt", lost, "files");
    }
}
