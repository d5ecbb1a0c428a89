using System.Threading.RateLimiting;
using Springest.Client;

namespace Springest.Functions.Quota;

/// <summary>
/// The permits of one site and key that this instance holds, and the callers waiting for more. All classes share the one grant in
/// hand and the one exchange under way; those first in precedence are served first, and within a class those who came first.
/// </summary>
internal sealed partial class QuotaPool : IAsyncDisposable
{
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Timers are no finer.
    private static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(4);

    private readonly Lock _lock = new();
    private readonly QuotaCounter _counter;
    private readonly QuotaOptions _options;
    private readonly QuotaShape _shape;
    private readonly QuotaLane[] _lanes = [new(), new(), new()];
    private readonly ITimer _timer;
    private readonly Random _random;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Grant _hand;
    private Grant _aside;
    private QuotaActivity _activity;
    private string _trouble = TooLate;
    private long _blockedUntil = long.MinValue;
    private bool _blockUnsaid;
    private long _pausedUntil = long.MinValue;
    private QuotaClass _pausedClass;
    private long _throughBy = long.MinValue;
    private bool _working;
    private bool _disposed;
    private int _farewells;

    public QuotaPool(SpringestKey key, QuotaCounter counter, QuotaOptions options, TimeProvider time, Random random)
    {
        (Key, _counter, _options, _shape, _random) = (key, counter, options, new QuotaShape(options), random);
        _timer = time.CreateTimer(static pool => ((QuotaPool)pool!).StartWork(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Permits in hand: usable until Expires, by classes up to OpenTo.
    private readonly record struct Grant(int Count, long Slot, QuotaClass OpenTo, long Expires);

    public string Site => _counter.Site;

    /// <summary>Which of the site's keys it is for; the general one where they are the same.</summary>
    public SpringestKey Key { get; }

    public QuotaLease TryAcquire(QuotaClass priority, int permits)
    {
        CheckPermits(permits);
        lock (_lock)
            return TryTake(priority, permits, _counter.Now) ? QuotaLease.Granted : Refuse(_lanes[(int)priority], _counter.Now, NoneInHand);
    }

    public ValueTask<RateLimitLease> AcquireAsync(QuotaClass priority, int permits, CancellationToken cancellationToken)
    {
        CheckPermits(permits);
        var lane = _lanes[(int)priority];
        LinkedListNode<QuotaWaiter> waiter;
        lock (_lock)
        {
            var now = _counter.Now;
            var deadline = now + _options.Patience(priority).Ticks;
            if (TryTake(priority, permits, now))
                return new(QuotaLease.Granted);
            if (_disposed)
                return new(Refuse(lane, now, Stopping));
            if (lane.ClosedAt(deadline, now))
                return new(Refuse(lane, now, lane.Reason));
            if (lane.Queue.Count >= _options.QueueLimit)
                return new(Refuse(lane, now, QueueFull));

            if (priority < _pausedClass)
                _pausedUntil = long.MinValue; // the pause of a class below is none of its business
            waiter = lane.Queue.AddLast(new QuotaWaiter(permits, deadline));
            lane.Wanted += permits;
        }

        StartWork();
        return WaitAsync(lane, waiter, cancellationToken);
    }

    /// <summary>Takes note that the server wants no requests for a while, and sees to it that every instance learns of it.</summary>
    public void Block(TimeSpan time)
    {
        lock (_lock)
        {
            var until = _counter.Now + Math.Clamp(time.Ticks, 0, _shape.Window);
            if (until <= _blockedUntil)
                return;
            (_blockedUntil, _blockUnsaid) = (until, true);
            _activity = _activity with { Blocks = _activity.Blocks + 1 };
            foreach (var lane in _lanes)
                lane.Close(until, until, Blocked);
        }

        StartWork();
    }

    /// <summary>The quota as storage has it now, together with what is known of it here.</summary>
    public async Task<QuotaStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var (ring, now) = await _counter.LookAsync(cancellationToken);
        var used = ring.Used(now);
        return new QuotaStatus
        {
            Site = Site,
            Key = Key,
            At = new DateTimeOffset(now.Latest, TimeSpan.Zero),
            Limit = _shape.Limit,
            Used = used,
            BlockedUntil = ring.BlockedUntil > now.Earliest ? new DateTimeOffset(ring.BlockedUntil, TimeSpan.Zero) : null,
            Curve = ring.Curve(now, points: 60),
            Classes = [.. Enum.GetValues<QuotaClass>().Select(priority => StatusOf(priority, used))],
            Instance = Activity(),
        };
    }

    public RateLimiterStatistics Statistics(QuotaClass priority)
    {
        lock (_lock)
        {
            var lane = _lanes[(int)priority];
            return new RateLimiterStatistics
            {
                CurrentAvailablePermits = InHand(priority, _counter.Now),
                CurrentQueuedCount = lane.Wanted,
                TotalSuccessfulLeases = lane.Successes,
                TotalFailedLeases = lane.Failures,
            };
        }
    }

    public QuotaActivity Activity()
    {
        lock (_lock)
            return _activity with { InHand = _hand.Count };
    }

    public TimeSpan? IdleDuration(QuotaClass priority)
    {
        lock (_lock)
        {
            var (lane, now) = (_lanes[(int)priority], _counter.Now);
            return lane.Queue.Count > 0 || InHand(priority, now) > 0 ? null : TimeSpan.FromTicks(now - lane.LastUse);
        }
    }

    /// <summary>Turns away those who wait, and gives back what was not used.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var lane in _lanes)
            {
                while (lane.Queue.First is { } waiter)
                    Answer(lane, waiter, Refuse(lane, _counter.Now, Stopping));
            }
        }

        StartWork();
        await _stopped.Task;
        await _timer.DisposeAsync();
    }

    private QuotaClassStatus StatusOf(QuotaClass priority, int used)
    {
        var (here, ceiling) = (Statistics(priority), _shape.Ceiling(priority));
        return new(priority, ceiling, Math.Max(0, ceiling - used), (int)here.CurrentQueuedCount, here.TotalSuccessfulLeases, here.TotalFailedLeases);
    }

    private static async ValueTask<RateLimitLease> Cancellable(QuotaWaiter waiter, CancellationTokenRegistration registration)
    {
        using (registration)
            return await waiter.Task;
    }

    private ValueTask<RateLimitLease> WaitAsync(QuotaLane lane, LinkedListNode<QuotaWaiter> node, CancellationToken cancellationToken)
        => cancellationToken.CanBeCanceled
            ? Cancellable(node.Value, cancellationToken.UnsafeRegister((_, token) => GiveUp(lane, node, token), null))
            : new(node.Value.Task);

    private void GiveUp(QuotaLane lane, LinkedListNode<QuotaWaiter> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is null)
                return;
            lane.Queue.Remove(node);
            lane.Wanted -= node.Value.Permits;
            node.Value.TrySetCanceled(cancellationToken);
        }
    }

    private void CheckPermits(int permits)
    {
        if (permits > _options.ChunkSize)
            throw new ArgumentOutOfRangeException(nameof(permits), permits, $"At most {_options.ChunkSize} permits can be taken at once.");
    }
}
