namespace Springest.Testing.Quota;

/// <summary>A machine's clocks: the monotonic one began at another time and runs unevenly, the other one is set now and then.</summary>
/// <param name="time">The true time.</param>
/// <param name="offset">Of the monotonic clock, in ticks.</param>
/// <param name="partsPerMillion">How much too fast it runs.</param>
/// <param name="fired">Called after a timer was.</param>
internal sealed class MachineTime(VirtualTime time, long offset, int partsPerMillion, Action fired) : TimeProvider
{
    private readonly long _start = time.Now;

    /// <summary>How far the clock on the wall is off.</summary>
    public TimeSpan Error { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => time.Now - _start + offset + (time.Now - _start) * partsPerMillion / 1_000_000;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Error;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => time.CreateTimer(
            state =>
            {
                callback(state);
                fired();
            },
            state, dueTime, period);
}
