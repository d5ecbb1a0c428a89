using Azure.Core;
using Azure.Core.Pipeline;

namespace Springest.Functions.Storage;

/// <summary>
/// The storage service's clock, so that instances agree on the order of things: this instance's own, set right by the dates of storage's
/// answers. A date says the second; that many answers agree narrows it down. As long as the own clock may be right, it is left alone.
/// </summary>
/// <param name="local">This instance's own clock.</param>
public sealed class StorageClock(TimeProvider local) : TimeProvider
{
    /// <summary>How far two clocks may drift apart in a second.</summary>
    private const double Drift = 0.0002;

    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TimeSpan _least = TimeSpan.MinValue;
    private TimeSpan _most = TimeSpan.MaxValue;
    private long _noted;

    public override TimeZoneInfo LocalTimeZone => local.LocalTimeZone;

    public override long TimestampFrequency => local.TimestampFrequency;

    /// <summary>How far the own clock is behind.</summary>
    private TimeSpan Offset
    {
        get
        {
            lock (_lock)
                return TimeSpan.FromTicks(Math.Clamp(0, _least.Ticks, _most.Ticks));
        }
    }

    public override DateTimeOffset GetUtcNow() => local.GetUtcNow() + Offset;

    public override long GetTimestamp() => local.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => local.CreateTimer(callback, state, dueTime, period);

    /// <summary>For the clients of the service whose clock it is.</summary>
    internal HttpPipelinePolicy Policy => new Watch(this, local);

    /// <summary>Notes what an answer says.</summary>
    /// <param name="sent">When its request was sent, by the own clock.</param>
    /// <param name="date">The answer's date.</param>
    private void Note(DateTimeOffset sent, DateTimeOffset date)
    {
        var (least, most) = (date - local.GetUtcNow(), date + Resolution - sent);
        // The own clock was set back meanwhile.
        if (least > most)
            return;
        lock (_lock)
        {
            var drift = TimeSpan.FromTicks((long)(local.GetElapsedTime(_noted).Ticks * Drift));
            _noted = local.GetTimestamp();
            if (_least == TimeSpan.MinValue || least > _most + drift || most < _least - drift)
                (_least, _most) = (least, most);
            else
                (_least, _most) = (Max(_least - drift, least), Min(_most + drift, most));
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class Watch(StorageClock clock, TimeProvider local) : HttpPipelinePolicy
    {
        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            var sent = local.GetUtcNow();
            await ProcessNextAsync(message, pipeline);
            Note(message, sent);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            var sent = local.GetUtcNow();
            ProcessNext(message, pipeline);
            Note(message, sent);
        }

        private void Note(HttpMessage message, DateTimeOffset sent)
        {
            if (message.HasResponse && message.Response.Headers.Date is { } date)
                clock.Note(sent, date);
        }
    }
}
