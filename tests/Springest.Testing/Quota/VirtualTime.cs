namespace Springest.Testing.Quota;

/// <summary>
/// Time that goes on from one event to the next, all on one thread. What is due at the same moment happens in the order in which it was
/// asked for.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private long _number;

    /// <summary>The true time, in ticks.</summary>
    public long Now { get; private set; } = new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);

    public void After(long ticks, Action action) => _events.Enqueue(action, (Now + Math.Max(0, ticks), _number++));

    /// <summary>Lets happen what is due until then, at most so many events. False if there were more.</summary>
    public bool RunUntil(long end, int events = int.MaxValue)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            if (events-- == 0)
                return false;
            Now = next.At;
            _events.Dequeue()();
        }

        Now = Math.Max(Now, end);
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualTime time, Action callback) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.After(dueTime.Ticks, () =>
                {
                    if (version == _version)
                        callback();
                });
            }

            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
