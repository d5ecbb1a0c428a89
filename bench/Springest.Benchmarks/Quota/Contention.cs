using System.Diagnostics;
using System.Diagnostics.Metrics;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Counter;
using Springest.Functions.Quota.Limiter;

namespace Springest.Benchmarks.Quota;

/// <summary>Many who want a permit of one key at the same moment, against Azurite.</summary>
internal static class Contention
{
    private const int Contenders = 200;
    private const int Bursts = 9;

    public static async Task RunAsync(Report report, TableClient table, TimeSpan added, CancellationToken cancellationToken)
    {
        var (slow, with) = (
            added > TimeSpan.Zero,
            added > TimeSpan.Zero ? $", {added.TotalMilliseconds} ms added to each storage call" : "");
        foreach (var (instances, goal) in ((int, double)[])[(4, slow ? 0.3 : 0.1), (20, slow ? 1 : 0.3), (Contenders, slow ? 8 : 1)])
        {
            var bursts = new List<Burst>();
            for (var i = 0; i < Bursts; i++)
            {
                var store = new QuotaStore(table, "contention", $"{instances}-{i}-{added.Ticks}");
                bursts.Add(await BurstAsync(new CountedStore(store, added), instances, cancellationToken));
            }

            // The first ones open the connections and compile the code.
            var burst = bursts.OrderBy(burst => burst.Waits[^3]).ElementAt(Bursts / 2);
            var who = $"{Contenders} contenders in {instances} instances{with}";
            report.AtMost(goal, $"p99 to a permit, {who} (the middle one of {Bursts} bursts)", burst.Waits[^3].TotalSeconds, "s");
            report.AtMost(
                0,
                $"without a permit, {who}",
                bursts.Sum(each => each.Waits.Count(wait => wait == TimeSpan.MaxValue)),
                "contenders");
            report.Add($"longest wait, {who}", burst.Waits[^1].TotalSeconds, "s");
            report.Add($"storage operations for them, {who}", burst.Operations, "operations");
        }
    }

    /// <summary>The limiter of one instance.</summary>
    public static QuotaLimiter Limiter(IQuotaStore store, QuotaOptions options)
        => new QuotaAllocator(
            "nl", SpringestKey.General, store, options, new QuotaMetrics(new Meter(nameof(Contention))), TimeProvider.System, Random.Shared,
            NullLogger.Instance).For(QuotaClass.Submission);

    private static async Task<Burst> BurstAsync(CountedStore store, int instances, CancellationToken cancellationToken)
    {
        var limiters = Enumerable.Range(0, instances).Select(_ => Limiter(store, new QuotaOptions { Limit = 60_000 })).ToList();
        await limiters[0].AcquireAsync(1, cancellationToken); // makes the window
        var operations = store.Reads + store.Writes;
        var waits = await Task.WhenAll(
            Enumerable.Range(0, Contenders).Select(contender => WaitAsync(limiters[contender % instances], cancellationToken)));
        return new Burst([.. waits.Order()], store.Reads + store.Writes - operations);
    }

    private static async Task<TimeSpan> WaitAsync(QuotaLimiter limiter, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var lease = await limiter.AcquireAsync(1, cancellationToken);
        return lease.IsAcquired ? Stopwatch.GetElapsedTime(started) : TimeSpan.MaxValue;
    }

    private sealed record Burst(IReadOnlyList<TimeSpan> Waits, int Operations);
}
