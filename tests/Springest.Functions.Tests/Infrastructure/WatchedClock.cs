using System.Threading.Channels;

namespace Springest.Functions.Tests.Infrastructure;

/// <summary>
/// A clock that tells when somebody begins to wait by it for a certain time, so that a test need not guess when to move it on.
/// </summary>
internal sealed class WatchedClock(TimeProvider clock, TimeSpan wait) : TimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime == wait)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns once for each wait that has begun.</summary>
    public async Task WaitBegunAsync() => await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
