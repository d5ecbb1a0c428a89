namespace Springest.Client.Tests;

/// <summary>The system's clock, on which pauses take no time but are noted. A pause is a timer of none of the given lengths.</summary>
internal sealed class PauseSkipper(params TimeSpan[] others) : TimeProvider
{
    private readonly List<TimeSpan> _pauses = [];

    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_pauses)
                return [.. _pauses];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan || others.Contains(dueTime))
            return base.CreateTimer(callback, state, dueTime, period);
        lock (_pauses)
            _pauses.Add(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
