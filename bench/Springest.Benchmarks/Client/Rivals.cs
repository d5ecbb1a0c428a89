using System.Diagnostics;

namespace Springest.Benchmarks.Client;

/// <summary>Two ways to do the same, measured in turns, so that whatever else the machine does hits both.</summary>
internal static class Rivals
{
    private const int Rounds = 41;
    private const int PerRound = 5;

    /// <summary>
    /// Time and bytes allocated of one run, for each: the lower quartile, which says most about the code and least about the machine.
    /// </summary>
    public static ((double Milliseconds, double Bytes) First, (double Milliseconds, double Bytes) Second) Measure(
        Func<int> first,
        Func<int> second)
    {
        if (first() != second())
            throw new InvalidOperationException("The two do not do the same.");
        // Long enough for the just-in-time compiler, which works in the background, to have done its best.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(4);)
            _ = first() + second();
        var (firsts, seconds) = (new List<(double, double)>(), new List<(double, double)>());
        for (var i = 0; i < Rounds; i++)
        {
            firsts.Add(Round(first));
            seconds.Add(Round(second));
        }
        return (Quartile(firsts), Quartile(seconds));
    }

    private static (double Milliseconds, double Bytes) Round(Func<int> run)
    {
        GC.Collect();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.GetTimestamp();
        for (var i = 0; i < PerRound; i++)
            run();
        return (
            Stopwatch.GetElapsedTime(clock).TotalMilliseconds / PerRound,
            (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)PerRound);
    }

    private static (double Milliseconds, double Bytes) Quartile(List<(double Milliseconds, double Bytes)> rounds)
        => (
            rounds.Select(round => round.Milliseconds).Order().ElementAt(Rounds / 4),
            rounds.Select(round => round.Bytes).Order().ElementAt(Rounds / 4));
}
