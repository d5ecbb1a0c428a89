using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>
/// Works on what has just been named, so that it need not wait for the timer. Who comes alone does so at once. While webhooks pour
/// in they are likely to name the same objects again, which are better read once, afterwards: one of them does so for all, in the next
/// lull.
/// </summary>
public sealed class InlineApplier(InboxWorker applier, IOptions<WebhookOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Lull = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(string Site, string Object), InboxItemEntity> _named = new();
    private readonly TimeSpan _budget = options.Value.InlineBudget;
    private long _lastStored;
    private long _arrivals;
    private int _storing;
    private int _isTaken;

    /// <summary>A delivery is about to be stored.</summary>
    public Arrival Enter()
    {
        var isAlone = Interlocked.Increment(ref _storing) == 1 && SinceLast() >= Lull;
        return new Arrival(Interlocked.Increment(ref _arrivals), isAlone);
    }

    /// <summary>It is stored, or failed to be.</summary>
    public void Leave()
    {
        Volatile.Write(ref _lastStored, time.GetTimestamp());
        Interlocked.Decrement(ref _storing);
    }

    /// <summary>
    /// Works on rows that a delivery has just written as claimed, and on those that others have left, telling of each that is
    /// done. Leaves them at once if it did not come alone and another delivery is at it.
    /// </summary>
    public async Task ApplyAsync(
        Arrival arrival,
        IReadOnlyList<InboxItemEntity> rows,
        Action<InboxItemEntity> done,
        CancellationToken stop,
        CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (arrival.IsAlone && Volatile.Read(ref _arrivals) == arrival.Number)
        {
            await applier.ApplyClaimedAsync(rows, _budget, done, stop, cancellationToken);
        }
        else
        {
            foreach (var row in rows)
                _named[(row.PartitionKey, row.RowKey)] = row;
        }

        // Looked at again after the turn is given up: somebody may have found it taken just then.
        while (!_named.IsEmpty && Left(start) > TimeSpan.Zero && Interlocked.Exchange(ref _isTaken, 1) == 0)
        {
            try
            {
                while (!_named.IsEmpty && await WaitForLullAsync(start, stop))
                    await applier.ApplyNamedAsync(Take(), Left(start), done, stop, cancellationToken);
            }
            finally
            {
                Volatile.Write(ref _isTaken, 0);
            }
        }
    }

    private async Task<bool> WaitForLullAsync(long start, CancellationToken stop)
    {
        while (Left(start) > TimeSpan.Zero)
        {
            var wait = Lull - SinceLast();
            if (wait <= TimeSpan.Zero && Volatile.Read(ref _storing) == 0)
                return true;
            await Task.Delay(wait > TimeSpan.Zero ? wait : Lull, time, stop);
        }

        return false;
    }

    private List<InboxItemEntity> Take()
    {
        var now = time.GetUtcNow();
        var taken = new List<InboxItemEntity>();
        foreach (var key in _named.Keys)
        {
            // Those whose claim has run out are the timer's by now.
            if (_named.TryRemove(key, out var row) && row.NextAttempt > now)
                taken.Add(row);
        }

        return taken;
    }

    private TimeSpan SinceLast() => time.GetElapsedTime(Volatile.Read(ref _lastStored));

    private TimeSpan Left(long start) => _budget - time.GetElapsedTime(start);

    /// <summary>How a delivery came: as which one, and whether in a lull.</summary>
    public readonly record struct Arrival(long Number, bool IsAlone);
}
