using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost;

/// <summary>
/// Runs the timer functions. A function never overlaps itself: its next occurrence is sought when the run has ended.
/// Other instances of the app fire their own timers, since the platform's lock between them is left out on purpose.
/// </summary>
internal sealed partial class TimerTriggers(
    FunctionCatalog catalog, FunctionInvoker invoker, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<TimerTriggers> logger)
{
    private const double MostMilliseconds = 24 * 60 * 60 * 1000;

    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Timer> _timers = catalog.Timers.ToDictionary(
        function => function.Function.Name, function => new Timer(function, time.GetUtcNow()), StringComparer.OrdinalIgnoreCase);

    private readonly RunningTasks _running = new();

    /// <summary>Ends when nothing runs any more, some time after the host was told to stop.</summary>
    public Task Completion => _running.WhenAllEnded();

    public void Start()
    {
        foreach (var timer in _timers.Values)
            _running.Add(RepeatAsync(timer));
    }

    /// <summary>Starts a run by hand. False if there is no such timer.</summary>
    public bool StartNow(string name)
    {
        if (!_timers.TryGetValue(name, out var timer))
            return false;
        _running.Add(RunAsync(timer, isPastDue: false));
        return true;
    }

    /// <summary>Runs once, without retries, and throws what the function threw.</summary>
    public Task InvokeAsync(string name, CancellationToken cancellationToken)
        => _timers.TryGetValue(name, out var timer)
            ? InvokeAsync(timer, timer.Info(isPastDue: false), retry: 0, Guid.NewGuid().ToString(), cancellationToken)
            : throw new ArgumentException($"There is no timer function named '{name}', but {string.Join(", ", _timers.Keys)}.", nameof(name));

    private async Task RepeatAsync(Timer timer)
    {
        if (timer.Function.RunOnStartup)
            await RunAsync(timer, isPastDue: false);
        while (timer.Function.Schedule.Next(time.GetUtcNow()) is { } due)
        {
            timer.Next = due;
            if (!await WaitUntilAsync(due))
                return;
            // It has slept through its time, as a laptop does.
            await RunAsync(timer, isPastDue: time.GetUtcNow() - due > OneMinute);
            timer.Last = timer.Updated = due;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The invoker has logged it; a failed run must not end the timer.")]
    private async Task RunAsync(Timer timer, bool isPastDue)
    {
        var id = Guid.NewGuid().ToString();
        for (var retry = 0; ; retry++)
            try
            {
                await InvokeAsync(timer, timer.Info(isPastDue), retry, id, CancellationToken.None);
                return;
            }
            catch (Exception) when (timer.Function.Retry is { } policy && policy.Allows(retry + 1))
            {
                var delay = policy.Delay(retry + 1);
                Log.WillRetry(logger, timer.Function.Function.Name, retry + 1, delay, id);
                if (!await WaitUntilAsync(time.GetUtcNow() + delay))
                    return;
            }
            catch (Exception)
            {
                return;
            }
    }

    private Task InvokeAsync(Timer timer, TimerInfo info, int retry, string id, CancellationToken cancellationToken)
        => invoker.InvokeAsync(
            timer.Function.Function,
            new Invocation { Id = id, Trigger = _ => info, Retry = timer.Function.Retry?.Context(retry) },
            cancellationToken);

    /// <summary>False if the host stops before.</summary>
    private async Task<bool> WaitUntilAsync(DateTimeOffset moment)
    {
        try
        {
            // In days at most, since a delay cannot be longer than some weeks; in full milliseconds, since it cuts off the rest.
            while (moment - time.GetUtcNow() is { Ticks: > 0 } left)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(left.TotalMilliseconds, MostMilliseconds))), time, lifetime.ApplicationStopping);
            return !lifetime.ApplicationStopping.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Timer(TimerFunction function, DateTimeOffset now)
    {
        // The platform does not monitor schedules that are finer than a minute.
        private readonly bool _monitored = function.UseMonitor && !function.Schedule.IsMoreOftenThanMinutely(now);

        public TimerFunction Function { get; } = function;

        public DateTimeOffset Last { get; set; }

        public DateTimeOffset Next { get; set; } = function.Schedule.Next(now) ?? DateTimeOffset.MaxValue;

        public DateTimeOffset Updated { get; set; } = now;

        public TimerInfo Info(bool isPastDue) => new()
        {
            IsPastDue = isPastDue,
            ScheduleStatus = _monitored
                ? new ScheduleStatus { Last = Last.UtcDateTime, Next = Next.UtcDateTime, LastUpdated = Updated.UtcDateTime }
                : null,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Function} is tried again (retry {Retry}) after {Delay} ({InvocationId}).")]
        public static partial void WillRetry(ILogger logger, string function, int retry, TimeSpan delay, string invocationId);
    }
}
