using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Access;

/// <summary>
/// Counts who was not let in, by the reason, and logs it once a minute at most: a stranger who tries keys must not fill the log.
/// </summary>
public sealed partial class AccessMetrics
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _logged = new();
    private readonly Counter<long> _counter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public AccessMetrics(IMeterFactory meters, TimeProvider time, ILogger<AccessMetrics> logger)
    {
        _counter = meters.Create("Springest.Functions.Access")
            .CreateCounter<long>("springest.access.refused", "{request}", "Requests that the access check refused.");
        (_time, _logger) = (time, logger);
    }

    /// <param name="function">What was asked for.</param>
    /// <param name="reason"><c>none</c>, <c>unknown</c>, <c>role</c>, <c>undeclared</c>, <c>cross-site</c> or <c>unreadable</c>.</param>
    internal void Refuse(string function, string reason)
    {
        _counter.Add(1, new("function", function), new("reason", reason));
        // Somebody without a key has tried nothing.
        if (reason == "none")
            return;
        var now = _time.GetUtcNow();
        if (_logged.AddOrUpdate(reason, now, (_, last) => now < last + Pause ? last : now) == now)
            Log.Refused(_logger, function, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Access refused: {Function}, {Reason}")]
        public static partial void Refused(ILogger logger, string function, string reason);
    }
}
