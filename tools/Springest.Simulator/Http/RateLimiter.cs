using Springest.Simulator.Behaviours;
using Springest.Simulator.Keys;

namespace Springest.Simulator.Http;

/// <summary>Counts the requests of each key exactly (docs/springest-api.md, section 5).</summary>
internal sealed class RateLimiter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _granted = [];

    /// <summary>Null if the request may pass, or how long until one may.</summary>
    public TimeSpan? Refuses(SimulatorKey key, RateLimit limit, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_granted.TryGetValue(key.Value, out var granted))
                _granted[key.Value] = granted = new Queue<DateTimeOffset>();
            var begin = limit.Kind == RateLimitKind.Trailing ? now - limit.Window : FixedWindow(now, limit.Window);
            while (granted.TryPeek(out var oldest) && (limit.Kind == RateLimitKind.Trailing ? oldest <= begin : oldest < begin))
                granted.Dequeue();
            if (granted.Count < limit.Limit)
            {
                granted.Enqueue(now);
                return null;
            }

            var firstToLeave = limit.Kind == RateLimitKind.Fixed || granted.Count == 0 ? begin : granted.Peek();
            return firstToLeave + limit.Window - now;
        }
    }

    private static DateTimeOffset FixedWindow(DateTimeOffset now, TimeSpan window)
        => new(now.UtcTicks - (now.UtcTicks % window.Ticks), TimeSpan.Zero);
}
