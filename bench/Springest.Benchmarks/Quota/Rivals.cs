using Azure.Data.Tables;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Counter;
using Springest.Testing.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>
/// The quota beside what is usual, a counter per fixed window, on the same Azurite, in the same minute. An hour is ten seconds here, so the
/// life of a grant and the slack are shorter too.
/// </summary>
internal static class Rivals
{
    private const int Limit = 1000;
    private const int Instances = 4;
    private const int CallersEach = 4;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, TableClient table, CancellationToken cancellationToken)
    {
        var store = new CountedStore(new QuotaStore(table, "rivals", "the ring"));
        var observer = await UseAsync(() => Ring(store), cancellationToken);
        report.AtMost(0, "requests over the limit, the ring", Math.Max(0, observer.MostIn(Window) - Limit), "requests");
        report.Add("use of the limit, the ring", 100.0 * observer.Count / (3 * Limit), "%");
        report.Add("storage writes per request, the ring", store.Writes / (double)observer.Count, "writes");

        var rival = new FixedWindow(table, "fixed", Limit, Window);
        observer = await UseAsync(() => rival.AcquireAsync, cancellationToken);
        report.Add("requests over the limit, baseline: a fixed window", Math.Max(0, observer.MostIn(Window) - Limit), "requests");
        report.Add("use of the limit, baseline: a fixed window", 100.0 * observer.Count / (3 * Limit), "%");
        report.Add("storage writes per request, baseline: a fixed window", rival.Writes / (double)observer.Count, "writes");
    }

    // For three windows.
    private static async Task<Observer> UseAsync(Func<Func<CancellationToken, ValueTask<bool>>> start, CancellationToken cancellationToken)
    {
        var observer = new Observer();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(3 * Window);
        await Task.WhenAll(
            Enumerable
                .Range(0, Instances)
                .SelectMany(_ =>
                {
                    var acquire = start();
                    return Enumerable
                        .Range(0, CallersEach)
                        .Select(_ => Task.Run(() => UseAllAsync(acquire, observer, end.Token), cancellationToken));
                }));
        return observer;
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

    private static Func<CancellationToken, ValueTask<bool>> Ring(IQuotaStore store)
    {
        var limiter = Contention.Limiter(store, new QuotaOptions
        {
            Limit = Limit, Window = Window, GrantLife = TimeSpan.FromMilliseconds(250),
            LongestAttempt = TimeSpan.FromMilliseconds(250), BlockTime = Window / 2,
        });
        return async cancellationToken => (await limiter.AcquireAsync(1, cancellationToken)).IsAcquired;
    }
}
