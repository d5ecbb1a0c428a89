using System.Threading.RateLimiting;

namespace Springest.Functions.Quota.Limiter;

/// <summary>
/// The permits of one site and key for one class of requests: a queue, served in the order of arrival. Permits are not kept: each is asked
/// for when somebody waits for it. The key's exchange, which serves it, shares its lock.
/// </summary>
internal sealed class QuotaLimiter(QuotaExchange exchange, QuotaClass priority, TimeSpan patience, Lock shared) : RateLimiter
{
    // In one exchange.
    private const int MaxWanted = 100;

    private const string Stopping = "The app is stopping.";

    private readonly LinkedList<Waiter> _queue = [];
    private long _opensAt;
    private long _askAt;
    private string _reason = "";
    private long _granted;
    private long _refused;
    private bool _stopped;

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics GetStatistics()
    {
        lock (shared)
            return new() { CurrentQueuedCount = _queue.Count, TotalSuccessfulLeases = _granted, TotalFailedLeases = _refused };
    }

    /// <summary>How many permits to ask for now. Called, as all that follows, with the lock held; times are local ones.</summary>
    public int Wanted(long now) => now >= _askAt ? Math.Min(_queue.Count, MaxWanted) : 0;

    /// <summary>Hands out permits that may be used until a time. If callers have given up meanwhile, some are wasted.</summary>
    public void Grant(int permits, long expires)
    {
        for (; permits > 0 && _queue.First is { } first; permits--)
        {
            _granted++;
            Answer(first, new QuotaLease(exchange, expires));
        }
    }

    /// <summary>There are no permits until a time, and from another one on it makes sense to ask again.</summary>
    public void Close(long opensAt, long askAt, string reason) => (_opensAt, _askAt, _reason) = (opensAt, askAt, reason);

    /// <summary>Turns away those whose patience is over, or is known not to last until there are permits.</summary>
    public void Dismiss(long now, string reason)
    {
        while (_queue.First is { } first && (first.Value.Deadline <= now || IsClosed(first.Value.Deadline, now)))
            Answer(first, Refuse(now, _opensAt > now ? _reason : reason));
    }

    /// <summary>Turns away everybody, for good.</summary>
    public void Stop()
    {
        _stopped = true;
        while (_queue.First is { } first)
            Answer(first, Refuse(exchange.Now, Stopping));
    }

    /// <summary>When there is something to do for the queue, if nothing is asked for before a time.</summary>
    public long Due(long earliest)
        => _queue.First is { } first ? Math.Min(first.Value.Deadline, Math.Max(_askAt, earliest)) : long.MaxValue;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (shared)
            return Refuse(exchange.Now, "A permit has to be waited for.");
    }

    /// <summary>Waits for one permit; with none, only asks whether it makes sense to wait, by what is known here.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, 1);
        LinkedListNode<Waiter> waiter;
        lock (shared)
        {
            var now = exchange.Now;
            var deadline = now + patience.Ticks;
            if (_stopped || IsClosed(deadline, now))
                return new(Refuse(now, _stopped ? Stopping : _reason));
            if (permitCount == 0)
                return new(new QuotaLease(exchange, long.MaxValue));
            waiter = _queue.AddLast(new Waiter(deadline));
        }

        exchange.Begin(priority);
        return cancellationToken.CanBeCanceled ? WaitAsync(waiter, cancellationToken) : new(waiter.Value.Task);
    }

    private async ValueTask<RateLimitLease> WaitAsync(LinkedListNode<Waiter> waiter, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, token), null))
            return await waiter.Value.Task;
    }

    private void GiveUp(LinkedListNode<Waiter> waiter, CancellationToken cancellationToken)
    {
        lock (shared)
        {
            if (waiter.List is not null)
                _queue.Remove(waiter);
            waiter.Value.TrySetCanceled(cancellationToken);
        }
    }

    private void Answer(LinkedListNode<Waiter> waiter, QuotaLease lease)
    {
        _queue.Remove(waiter);
        waiter.Value.TrySetResult(lease);
    }

    // Whether it is known that waiting until then is in vain.
    private bool IsClosed(long deadline, long now) => now < _askAt && deadline < _opensAt;

    private QuotaLease Refuse(long now, string reason)
    {
        _refused++;
        return new QuotaLease(TimeSpan.FromTicks(Math.Max(Math.Min(_opensAt, _askAt) - now, TimeSpan.TicksPerSecond)), reason);
    }

    // A caller, and when its patience ends.
    private sealed class Waiter(long deadline) : TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Deadline => deadline;
    }
}
