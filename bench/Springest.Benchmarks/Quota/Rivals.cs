using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>
/// The quota beside what is usual, on the same Azurite, in the same minute: a counter per fixed window, and one write per request.
/// An hour is ten seconds here, so the life of a grant, the slack and the slots are shorter too.
/// </summary>
internal static class Rivals
{
    private const int Instances = 4;
    private const int CallersEach = 4;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, TableClient table, CancellationToken cancellationToken)
    {
        await RaceAsync(report, "the ring with chunks", table, (store, limit) => Ring(store, limit, chunk: 25), cancellationToken);
        await RaceAsync(report, "baseline: the ring, one write per request", table, (store, limit) => Ring(store, limit, chunk: 1), cancellationToken);
        await RaceAsync(report, "baseline: a fixed window", table, (store, limit) => new FixedWindow(store, limit, Window).AcquireAsync, cancellationToken);
    }

    private static async Task RaceAsync(
        Report report, string who, TableClient table,
        Func<IQuotaStore, int, Func<CancellationToken, ValueTask<bool>>> start, CancellationToken cancellationToken)
    {
        // First with a limit that binds, for three windows; then with one that does not.
        const int limit = 1000;
        var bound = await UseAsync(table, $"{who} bound", limit, 3 * Window, start, cancellationToken);
        var most = bound.Observer.MostIn(Window);
        if (who.StartsWith("baseline", StringComparison.Ordinal))
            report.Add($"requests over the limit, {who}", Math.Max(0, most - limit), "requests");
        else
            report.AtMost(0, $"requests over the limit, {who}", Math.Max(0, most - limit), "requests");
        report.Add($"use of the limit, {who}", 100.0 * bound.Observer.Count / (3 * limit), "%");
        report.Add($"storage writes per request, {who}", bound.Store.Writes / (double)bound.Observer.Count, "writes");

        var free = await UseAsync(table, $"{who} free", 60_000, TimeSpan.FromSeconds(4), start, cancellationToken);
        report.Add($"permits per second while there are enough, {who}", free.Observer.Count / 4.0, "1/s");
    }

    private static async Task<(Observer Observer, CountedStore Store)> UseAsync(
        TableClient table, string name, int limit, TimeSpan time,
        Func<IQuotaStore, int, Func<CancellationToken, ValueTask<bool>>> start, CancellationToken cancellationToken)
    {
        var observer = new Observer();
        var store = new CountedStore(new QuotaStore(table, "rivals", name));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(time);
        await Task.WhenAll(Enumerable.Range(0, Instances).SelectMany(_ =>
        {
            var acquire = start(store, limit);
            return Enumerable.Range(0, CallersEach).Select(_ => Task.Run(() => UseAllAsync(acquire, observer, end.Token), cancellationToken));
        }));
        return (observer, store);
    }

    private static async Task UseAllAsync(Func<CancellationToken, ValueTask<bool>> acquire, Observer observer, CancellationToken end)
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                if (await acquire(end))
                    observer.Arrive();
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private static Func<CancellationToken, ValueTask<bool>> Ring(IQuotaStore store, int limit, int chunk)
    {
        var options = new QuotaOptions
        {
            Limit = limit, ChunkSize = chunk, SubmissionReserve = 0, WebhookReserve = 0, Window = Window, SlotLength = Window / 720,
            GrantLife = TimeSpan.FromMilliseconds(250), NetworkSlack = TimeSpan.FromMilliseconds(250), BlockTime = Window / 2,
        };
        var counter = new QuotaCounter("nl", store, new QuotaShape(options), TimeProvider.System, NullLogger.Instance);
        var limiter = new QuotaLimiter(new QuotaPool(SpringestKey.General, counter, options, TimeProvider.System, Random.Shared), QuotaClass.Submission);
        return async cancellationToken => (await limiter.AcquireAsync(1, cancellationToken)).IsAcquired;
    }
}
