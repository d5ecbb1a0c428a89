using System.Diagnostics;
using Springest.Testing.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>Simulated schedules: is there one in which the server ever handles more than the limit?</summary>
internal static class Schedules
{
    private const int Count = 100_000;

    public static void Run(Report report, CancellationToken cancellationToken)
    {
        var (requests, over, full, idle) = (0L, 0L, 0, 0L);
        var started = Stopwatch.GetTimestamp();
        Parallel.For(1, Count + 1, new ParallelOptions { CancellationToken = cancellationToken }, seed =>
        {
            var simulation = new QuotaSimulation(seed);
            simulation.Run();
            Interlocked.Add(ref requests, simulation.Requests);
            Interlocked.Add(ref over, Math.Max(0, simulation.Most - simulation.Limit));
            Interlocked.Add(ref idle, simulation.Idle);
            if (simulation.Most == simulation.Limit)
                Interlocked.Increment(ref full);
        });

        report.AtMost(0, $"requests over the limit in any trailing window, {Count:#,0} simulated schedules", over, "requests");
        report.AtMost(0, "storage requests by idle instances in a minute, all of them", idle, "requests");
        report.Add("schedules in which a window held the whole limit", full / (double)Count * 100, "%");
        report.Add("requests simulated", requests, "requests");
        report.Add("schedules simulated per second", Count / Stopwatch.GetElapsedTime(started).TotalSeconds, "1/s");
    }
}
