using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Quota.Counter;

namespace Springest.Functions.Quota.Limiter;

/// <summary>
/// The shared window of one site and key as one instance uses it. One allocation at a time asks for exactly what waits in the limiters of
/// all classes: read, apply the rules, write back, hand out.
/// </summary>
internal sealed partial class QuotaAllocator : IDisposable
{
    // Short enough that a store that hangs and comes back is noticed within seconds.
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(1);

    // How far the clocks of the storage service's machines may be apart.
    private static readonly TimeSpan ServerClocks = TimeSpan.FromSeconds(5);

    // An operator may lift a block, so who is blocked asks again now and then.
    private static readonly TimeSpan BlockCheck = TimeSpan.FromMinutes(1);

    private static readonly QuotaClass[] Classes = Enum.GetValues<QuotaClass>();

    private readonly Lock _lock = new();
    private readonly SpringestKey _key;
    private readonly IQuotaStore _store;
    private readonly QuotaOptions _options;
    private readonly QuotaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly QuotaLimiter[] _limiters;

    private long _written; // by the service's clock, the window was written no earlier; only the allocation uses it
    private bool _unreachable;
    private Pause? _news; // which storage has yet to be told
    private int _conflicts;
    private long _backoffUntil;
    private QuotaClass _backoffClass;
    private bool _allocating;
    private bool _isDisposed;

    public QuotaAllocator(
        string site, SpringestKey key, IQuotaStore store, QuotaOptions options, QuotaMetrics metrics, TimeProvider time, Random random,
        ILogger logger)
    {
        (_key, _store, _options, _metrics, _time, _random, _logger) = (key, store, options, metrics, time, random, logger);
        Tags = [KeyValuePair.Create("site", (object?)site), KeyValuePair.Create("key", (object?)key.ToString())];
        _limiters = [.. Classes.Select(priority => new QuotaLimiter(this, priority, options.Patience(priority), _lock))];
        _timer = time.CreateTimer(_ => Begin(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // The server's wish for a pause: until when, in local time, and whether that is our guess; and whether one before is lifted.
    private readonly record struct Pause(long Until, bool IsGuess, bool Lifts);

    // The permits that are waited for, by class, and what storage has yet to be told.
    private sealed record Request(int[] Wanted, Pause? News);

    /// <summary>Site and key, as metrics name them.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>The local monotonic time, in ticks.</summary>
    public long Now => _time.GetElapsedTime(0).Ticks;

    public QuotaLimiter For(QuotaClass priority) => _limiters[(int)priority];

    /// <summary>Sees to it that every instance learns that the server wants no requests for a while.</summary>
    /// <param name="time">For how long, at most a window; null if the server did not say.</param>
    public void Block(TimeSpan? time)
    {
        lock (_lock)
        {
            var until = Now + Math.Min((time ?? _options.BlockTime).Ticks, _options.Window.Ticks);
            if (until <= Math.Max(Now, _news?.Until ?? 0))
                return;
            _news = new Pause(until, IsGuess: time is null, _news?.Lifts ?? false);
        }

        _metrics.Blocks.Add(1, Tags);
        Begin();
    }

    /// <summary>Ends a block in every instance: here at once, elsewhere within a minute.</summary>
    public void Unblock()
    {
        lock (_lock)
        {
            _news = new Pause(0, IsGuess: false, Lifts: true);
            foreach (var limiter in _limiters)
                limiter.Close(0, 0, "");
        }

        Begin();
    }

    /// <summary>Sees to it that who waits is served: begins to allocate, unless that is under way.</summary>
    /// <param name="priority">Who has begun to wait: the backoff of a class below is none of its business.</param>
    public void Begin(QuotaClass priority = QuotaClass.FullPass)
    {
        lock (_lock)
        {
            if (priority < _backoffClass)
                _backoffUntil = 0;
            if (_allocating || _isDisposed)
                return;
            _allocating = true;
        }

        using (ExecutionContext.SuppressFlow()) // the work is for all who wait, not for the caller that happened to begin it
            _ = RunAsync();
    }

    /// <summary>The quota as storage has it now.</summary>
    public async Task<QuotaStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var (stored, now, _) = await ReadAsync(cancellationToken);
        var window = stored is null ? SlidingWindow.Empty(_options, now)
            : SlidingWindow.Read(stored, _options, now) ?? SlidingWindow.Full(_options, now);
        var (from, curve) = window.Curve(points: 60);
        return new QuotaStatus(
            _key, _options.Limit, window.Used, Classes.ToDictionary(priority => priority, window.Free),
            window.IsBlocked ? new DateTimeOffset(window.BlockedUntil, TimeSpan.Zero) : null,
            new DateTimeOffset(from, TimeSpan.Zero), curve);
    }

    /// <summary>Turns away those who wait. What an allocation under way is granted counts, and nobody has it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var limiter in _limiters)
            {
                limiter.Close(opensAt: long.MaxValue, askAt: long.MaxValue, "The app is stopping.");
                limiter.Dismiss(Now, "");
            }
        }

        _timer.Dispose();
    }

    private async Task RunAsync()
    {
        while (Next() is { } request)
            await AllocateAsync(request);
    }

    // What to ask for now; or null, with the timer set for when there will be something to do.
    private Request? Next()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return null;
            var now = Now;
            foreach (var limiter in _limiters)
                limiter.Dismiss(now, _unreachable ? "The shared quota cannot be reached." : "No permit came in time.");
            if (_news is { Lifts: false } pause && pause.Until <= now)
                _news = null; // it is over, so nobody needs to be told
            if (now >= _backoffUntil)
            {
                int[] wanted = [.. _limiters.Select(limiter => limiter.Wanted(now))];
                if (_news is not null || wanted.Any(permits => permits > 0))
                    return new Request(wanted, _news);
            }

            _allocating = false;
            var due = Math.Min(_news is null ? long.MaxValue : _backoffUntil, _limiters.Min(limiter => limiter.Due(_backoffUntil)));
            // Timers have milliseconds; rounded up, or they would fire too early and in vain.
            var wait = TimeSpan.FromMilliseconds(Math.Max(0, (due - now) / TimeSpan.TicksPerMillisecond + 1));
            _timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : wait, Timeout.InfiniteTimeSpan);
            return null;
        }
    }

    private async Task AllocateAsync(Request request)
    {
        var began = Now;
        using var timeout = new CancellationTokenSource(StoreTimeout, _time);
        try
        {
            var (stored, now, asked) = await ReadAsync(timeout.Token);
            var window = Open(stored, now);
            if (request.News is { Lifts: true })
                window.Unblock();
            if (request.News is { } pause && pause.Until > asked)
                window.Block(pause.IsGuess ? null : pause.Until - asked);
            int[] granted = [.. Classes.Select(priority => window.Grant(priority, request.Wanted[(int)priority]))];
            if (window.HasChanged && !await _store.TryWriteAsync(window, stored, timeout.Token))
            {
                BackOff(request, raced: Now - began);
                return;
            }

            _written = window.HasChanged ? now.Earliest : stored!.Written.UtcTicks;
            _unreachable = false;
            HandOut(request, window, granted, asked);
        }
        // Whatever it was: without a written window there is no grant. If it was written after all, its permits count, and nobody has them.
        catch (Exception e)
        {
            if (!_unreachable && timeout.IsCancellationRequested)
                Log.Slow(_logger, Tags[0].Value, StoreTimeout);
            else if (!_unreachable)
                Log.Unreachable(_logger, e, Tags[0].Value);
            _unreachable = true;
            BackOff(request, raced: null);
        }
    }

    // What is stored; the service's clock by the date of its answer, which has whole seconds; and the local time of that.
    private async Task<(StoredWindow? Stored, SlidingWindow.ServerTime Now, long Local)> ReadAsync(CancellationToken cancellationToken)
    {
        var sent = Now;
        var (stored, date) = await _store.ReadAsync(cancellationToken);
        var local = Now;
        return (stored, new(date.UtcTicks, date.UtcTicks + TimeSpan.TicksPerSecond + local - sent), local);
    }

    // The stored window, or one to write in its place.
    private SlidingWindow Open(StoredWindow? stored, SlidingWindow.ServerTime now)
    {
        // One that was not written for as long as permits count holds none, whoever wrote it; nor does one that never was.
        if (now.Earliest - (stored?.Written.UtcTicks ?? _written) > _options.Hold.Ticks)
            return SlidingWindow.Empty(_options, now);
        if (stored is not null && Ring.IsNewer(stored.Ring))
            throw new InvalidDataException("A later version of the app has written the quota. It is left alone.");
        // It is never older than before, unless storage has lost writes, as an account may that has failed over.
        var isLost = stored is null || stored.Written.UtcTicks + ServerClocks.Ticks < _written;
        if (!isLost && SlidingWindow.Read(stored!, _options, now) is { } window)
            return window;
        Log.Corrupt(_logger, Tags[0].Value, _options.Hold);
        return SlidingWindow.Full(_options, now); // whatever may have been granted before
    }

    private void HandOut(Request request, SlidingWindow window, int[] granted, long asked)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _conflicts = 0;
            if (_news == request.News)
                _news = null;
            foreach (var priority in Classes)
            {
                For(priority).Grant(granted[(int)priority], asked + _options.GrantLife.Ticks);
                Close(For(priority), asked, window.WaitOf(priority), window.IsBlocked);
            }
        }

        if (granted.Sum() is > 0 and var permits)
        {
            _metrics.Grants.Add(1, Tags);
            _metrics.Granted.Add(permits, Tags);
        }
    }

    private void Close(QuotaLimiter limiter, long asked, long wait, bool isBlocked)
    {
        var until = asked + wait;
        // A little later than there can be permits, within a second by default, since all instances wait for the same ones.
        var askAt = until + _random.NextInt64(1 + _options.Hold.Ticks / 3600);
        if (wait == 0)
            limiter.Close(0, 0, "");
        else if (isBlocked)
            limiter.Close(until, Math.Min(askAt, Now + BlockCheck.Ticks), "The server asked for a pause.");
        else
            limiter.Close(until, askAt, "The quota is used up.");
    }

    // Leaves storage alone for a while. How long a race took that was lost tells how many are in it, and how often one was lost in a row
    // how wrong that was.
    private void BackOff(Request request, long? raced)
    {
        (raced is null ? _metrics.Failures : _metrics.Conflicts).Add(1, Tags);
        lock (_lock)
        {
            _conflicts = raced is null ? 0 : _conflicts + 1;
            _backoffClass = (QuotaClass)Math.Max(0, Array.FindIndex(request.Wanted, permits => permits > 0));
            var growth = Math.Min(_conflicts, _backoffClass == QuotaClass.Submission ? 1 : 3); // submissions give way to nobody for long
            var longest = Math.Min(raced << growth ?? long.MaxValue, MaxBackoff.Ticks);
            _backoffUntil = Now + (long)(longest * _random.NextDouble());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Critical,
            "The stored quota of site {Site} is gone, not readable, or older than it was; it counts as used up and renews itself within "
                + "{Hold}")]
        public static partial void Corrupt(ILogger logger, object? site, TimeSpan hold);

        [LoggerMessage(
            LogLevel.Warning, "Storage did not answer for the quota of site {Site} within {Timeout}; requests wait until it does.")]
        public static partial void Slow(ILogger logger, object? site, TimeSpan timeout);

        [LoggerMessage(LogLevel.Warning, "The quota of site {Site} cannot be asked for permits; requests wait until storage answers.")]
        public static partial void Unreachable(ILogger logger, Exception exception, object? site);
    }
}
