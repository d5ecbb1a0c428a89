using System.Diagnostics;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>Many who want a permit of one key at the same moment, against Azurite.</summary>
internal static class Contention
{
    private const int Contenders = 200;
    private const int Bursts = 9;

    public static async Task RunAsync(Report report, TableClient table, CancellationToken cancellationToken)
    {
        foreach (var instances in (int[])[4, 20, Contenders])
        {
            var bursts = new List<Burst>();
            for (var i = 0; i < Bursts; i++)
                bursts.Add(await BurstAsync(new CountedStore(new QuotaStore(table, "contention", $"{instances}-{i}")), instances, cancellationToken));

            // The first ones open the connections and compile the code.
            var burst = bursts.OrderBy(burst => burst.Waits[^3]).ElementAt(Bursts / 2);
            var who = $"{Contenders} contenders in {instances} instances";
            report.AtMost(1, $"p99 to a grant, {who} (the middle one of {Bursts} bursts)", burst.Waits[^3].TotalSeconds, "s");
            report.AtMost(0, $"without a permit, {who}", bursts.Sum(each => each.Waits.Count(wait => wait == TimeSpan.MaxValue)), "contenders");
            report.Add($"longest wait, {who}", burst.Waits[^1].TotalSeconds, "s");
            report.Add($"median to a grant, {who}", burst.Waits[Contenders / 2].TotalSeconds, "s");
            report.Add($"writes for them, {who}", burst.Writes, "writes");
        }

        await OneByOneAsync(report, table, cancellationToken);
    }

    private static async Task<Burst> BurstAsync(CountedStore store, int instances, CancellationToken cancellationToken)
    {
        var limiters = Enumerable.Range(0, instances).Select(_ => Limiter(store)).ToList();
        await limiters[0].AcquireAsync(1, cancellationToken); // makes the ring
        var writes = store.Writes;
        var waits = await Task.WhenAll(Enumerable.Range(0, Contenders).Select(contender => WaitAsync(limiters[contender % instances], cancellationToken)));
        return new Burst([.. waits.Order()], store.Writes - writes);
    }

    // What the same writes take where nobody is in anybody's way.
    private static async Task OneByOneAsync(Report report, TableClient table, CancellationToken cancellationToken)
    {
        var store = new QuotaStore(table, "contention", "one by one");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Contenders; i++)
            await Limiter(store).AcquireAsync(1, cancellationToken);
        report.Add($"baseline: {Contenders} instances one after another, all of them", Stopwatch.GetElapsedTime(started).TotalSeconds, "s");
    }

    private static QuotaLimiter Limiter(IQuotaStore store)
    {
        var options = new QuotaOptions { Limit = 60_000 };
        var counter = new QuotaCounter("nl", store, new QuotaShape(options), TimeProvider.System, NullLogger.Instance);
        return new QuotaLimiter(new QuotaPool(SpringestKey.General, counter, options, TimeProvider.System, Random.Shared), QuotaClass.Submission);
    }

    private static async Task<TimeSpan> WaitAsync(QuotaLimiter limiter, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var lease = await limiter.AcquireAsync(1, cancellationToken);
        return lease.IsAcquired ? Stopwatch.GetElapsedTime(started) : TimeSpan.MaxValue;
    }

    private sealed record Burst(IReadOnlyList<TimeSpan> Waits, int Writes);
}
