using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Springest.Client;

namespace Springest.Functions.Quota.Limiter;

/// <summary>
/// The permits of one site and key for one class of requests. Requests wait in a queue for their permits, in the order of arrival. The
/// limiter keeps no permits: it asks the allocator of its key for as many as are waited for, and shares that allocator's lock.
/// </summary>
internal sealed class QuotaLimiter(QuotaAllocator allocator, QuotaClass priority, TimeSpan patience, Lock shared) : RateLimiter
{
    // In one allocation.
    private const int MaxWanted = 100;

    private readonly List<Waiter> _queue = [];
    private long _opensAt;
    private long _askAt;
    private string _reason = "";
    private long _granted;
    private long _refused;

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics GetStatistics()
    {
        lock (shared)
        {
            _queue.RemoveAll(waiter => waiter.HasGivenUp);
            return new() { CurrentQueuedCount = _queue.Count, TotalSuccessfulLeases = _granted, TotalFailedLeases = _refused };
        }
    }

    /// <summary>How many permits to ask for now. Called, as all that follows, with the lock held; times are local ones.</summary>
    public int Wanted(long now) => now >= _askAt ? Math.Min(_queue.Count, MaxWanted) : 0;

    /// <summary>Hands out permits that may be used until a time. If callers have given up meanwhile, some are wasted.</summary>
    public void Grant(int permits, long expires)
    {
        _queue.RemoveAll(waiter => waiter.HasGivenUp);
        for (; permits > 0 && _queue.Count > 0; permits--)
        {
            _granted++;
            AnswerFirst(Permit(expires));
        }
    }

    /// <summary>There are no permits until a time, and from another one on it makes sense to ask again.</summary>
    public void Close(long opensAt, long askAt, string reason) => (_opensAt, _askAt, _reason) = (opensAt, askAt, reason);

    /// <summary>Turns away those whose patience is over, or is known not to last until there are permits.</summary>
    public void Dismiss(long now, string reason)
    {
        _queue.RemoveAll(waiter => waiter.HasGivenUp);
        while (_queue is [var first, ..] && (first.Deadline <= now || IsClosed(first.Deadline, now)))
            AnswerFirst(Refuse(now, _opensAt > now ? _reason : reason));
    }

    /// <summary>When there is something to do for the queue, if nothing is asked for before a time.</summary>
    public long Due(long earliest)
        => _queue is [var first, ..] ? Math.Min(first.Deadline, Math.Max(_askAt, earliest)) : long.MaxValue;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (shared)
            return Refuse(allocator.Now, "A permit has to be waited for.");
    }

    /// <summary>Waits for one permit; with none, only asks whether it makes sense to wait, by what is known here.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, 1);
        Waiter waiter;
        lock (shared)
        {
            var now = allocator.Now;
            var deadline = now + patience.Ticks;
            if (IsClosed(deadline, now))
                return new(Refuse(now, _reason));
            if (permitCount == 0)
                return new(Permit(long.MaxValue));
            _queue.Add(waiter = new Waiter(deadline, cancellationToken));
        }

        allocator.Begin(priority);
        return new(waiter.Task.WaitAsync(cancellationToken));
    }

    private void AnswerFirst(Lease lease)
    {
        _queue[0].SetResult(lease);
        _queue.RemoveAt(0);
    }

    // Whether it is known that waiting until then is in vain.
    private bool IsClosed(long deadline, long now) => now < _askAt && deadline < _opensAt;

    private Lease Permit(long expires) => new(true, (PermitMetadata.TimeLeft.Name, () => TimeSpan.FromTicks(expires - allocator.Now)));

    private Lease Refuse(long now, string reason)
    {
        _refused++;
        var opens = Math.Min(_opensAt, _askAt);
        // Where it never opens, another instance serves whoever comes again.
        var wait = opens == long.MaxValue ? 0 : opens - now;
        var retryAfter = TimeSpan.FromTicks(Math.Max(wait, TimeSpan.TicksPerSecond));
        return new Lease(false, (MetadataName.RetryAfter.Name, () => retryAfter), (MetadataName.ReasonPhrase.Name, () => reason));
    }

    // A permit with its age, or the reason why there is none. Disposing of it gives nothing back.
    private sealed class Lease(bool isAcquired, params (string Name, Func<object> Read)[] metadata) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => metadata.Select(each => each.Name);

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? value)
        {
            value = metadata.FirstOrDefault(each => each.Name == metadataName).Read?.Invoke();
            return value is not null;
        }
    }

    // A caller, when its patience ends, and by what it gives up before.
    private sealed class Waiter(long deadline, CancellationToken cancellationToken)
        : TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Deadline => deadline;

        public bool HasGivenUp => cancellationToken.IsCancellationRequested;
    }
}
