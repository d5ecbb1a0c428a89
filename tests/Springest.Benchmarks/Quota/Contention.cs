using System.Diagnostics;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>Many who want a permit of one key at the same moment, against Azurite.</summary>
internal static class Contention
{
    public static async Task RunAsync(Report report, TableClient table, CancellationToken cancellationToken)
    {
        foreach (var instances in (int[])[4, 20, 200])
        {
            var options = new QuotaOptions { Limit = 60_000 };
            var store = new CountedStore(new QuotaStore(table, "contention", $"{instances}"));
            var limiters = Enumerable.Range(0, instances).Select(_ => new QuotaLimiter(
                new QuotaPool(SpringestKey.General, new QuotaCounter("nl", store, new QuotaShape(options), TimeProvider.System, NullLogger.Instance),
                    options, TimeProvider.System, Random.Shared),
                QuotaClass.Submission)).ToList();
            await limiters[0].AcquireAsync(1, cancellationToken); // connections and code are warm

            var alone = Stopwatch.GetTimestamp();
            for (var i = 0; i < 10; i++)
                await store.ReadAsync(cancellationToken);
            report.Add("baseline: a read of the ring while nobody contends", Stopwatch.GetElapsedTime(alone).TotalMilliseconds / 10, "ms");
            var writes = store.Writes;
            var waits = await Task.WhenAll(Enumerable.Range(0, 200).Select(contender => WaitAsync(limiters[contender % instances], cancellationToken)));

            Array.Sort(waits);
            var who = $"200 contenders in {instances} instances";
            report.AtMost(1, $"p99 to a grant, {who}", waits[197].TotalSeconds, "s");
            report.AtMost(0, $"without a permit, {who}", waits.Count(wait => wait == TimeSpan.MaxValue), "contenders");
            report.Add($"median to a grant, {who}", waits[100].TotalSeconds, "s");
            report.Add($"writes for them, {who}", store.Writes - writes, "writes");
        }
    }

    private static async Task<TimeSpan> WaitAsync(QuotaLimiter limiter, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var lease = await limiter.AcquireAsync(1, cancellationToken);
        return lease.IsAcquired ? Stopwatch.GetElapsedTime(started) : TimeSpan.MaxValue;
    }
}
