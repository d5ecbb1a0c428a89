using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Quota.Counter;

namespace Springest.Functions.Quota.Limiter;

/// <summary>
/// The shared window of one site and key as one instance uses it. One exchange at a time asks for exactly what waits in the limiters of
/// all classes: read, apply the rules, write back, hand out.
/// </summary>
internal sealed partial class QuotaExchange : IDisposable
{
    private const string Blocked = "The server asked for a pause.";
    private const string Late = "No permit came in time.";
    private const string UsedUp = "The quota is used up.";
    private const string Unreachable = "The shared quota cannot be reached.";

    // Short enough that a store that hangs and comes back is noticed within seconds.
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan OutageBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(2);

    // How far the clocks of the storage service's machines may be apart.
    private static readonly TimeSpan ServerClocks = TimeSpan.FromSeconds(5);

    // An operator may lift a block, so who is blocked asks again now and then.
    private static readonly TimeSpan BlockCheck = TimeSpan.FromMinutes(1);

    private static readonly QuotaClass[] Classes = Enum.GetValues<QuotaClass>();

    private readonly Lock _lock = new();
    private readonly SpringestKey _key;
    private readonly IQuotaStore _store;
    private readonly QuotaOptions _options;
    private readonly WindowParameters _parameters;
    private readonly QuotaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly QuotaLimiter[] _limiters;

    private DateTimeOffset _written; // by the service's clock, the window was written no earlier; only the exchange uses it
    private bool _unreachable;
    private ServerBlock _block;
    private bool _unblock;
    private int _conflicts;
    private long _backoffUntil;
    private QuotaClass _backoffClass;
    private bool _exchanging;
    private bool _disposed;

    public QuotaExchange(
        string site, SpringestKey key, IQuotaStore store, QuotaOptions options, QuotaMetrics metrics, TimeProvider time, Random random,
        ILogger logger)
    {
        (_key, _store, _options, _parameters, _metrics) = (key, store, options, new WindowParameters(options), metrics);
        (_time, _random, _logger) = (time, random, logger);
        Tags = [KeyValuePair.Create("site", (object?)site), KeyValuePair.Create("key", (object?)key.ToString())];
        _limiters = [.. Classes.Select(priority => new QuotaLimiter(this, priority, options.Patience(priority), _lock))];
        _timer = time.CreateTimer(_ => Begin(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // The server's wish for a pause: until when, in local time; whether that is our guess; and whether storage has yet to be told.
    private readonly record struct ServerBlock(long Until, bool Doubles, bool Untold);

    /// <summary>Site and key, as metrics name them.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>The local monotonic time, in ticks.</summary>
    public long Now => _time.GetElapsedTime(0).Ticks;

    public QuotaLimiter For(QuotaClass priority) => _limiters[(int)priority];

    /// <summary>Takes note that the server wants no requests for a while, and sees to it that every instance learns of it.</summary>
    /// <param name="time">For how long, at most a window; null if the server did not say.</param>
    public void Block(TimeSpan? time)
    {
        lock (_lock)
        {
            var (now, length) = (Now, Math.Min((time ?? _options.BlockTime).Ticks, _parameters.Window));
            if (now + length <= Math.Max(now, _block.Until))
                return;
            _block = new ServerBlock(now + length, time is null, true);
            _metrics.Blocks.Add(1, Tags);
            foreach (var limiter in _limiters)
                Close(limiter, now, length, Blocked);
        }

        Begin();
    }

    /// <summary>Ends a block in every instance: here at once, elsewhere within a minute.</summary>
    public void Unblock()
    {
        lock (_lock)
        {
            (_block, _unblock) = (default, true);
            foreach (var limiter in _limiters)
                limiter.Close(0, 0, "");
        }

        Begin();
    }

    /// <summary>Sees to it that who waits is served: begins to exchange, unless that is under way.</summary>
    /// <param name="priority">Who has begun to wait: the backoff of a class below is none of its business.</param>
    public void Begin(QuotaClass priority = QuotaClass.Catalogue)
    {
        lock (_lock)
        {
            if (priority < _backoffClass)
                _backoffUntil = 0;
            if (_exchanging || _disposed)
                return;
            _exchanging = true;
        }

        using (ExecutionContext.SuppressFlow()) // the work is for all who wait, not for the caller that happened to begin it
            _ = RunAsync();
    }

    /// <summary>The quota as storage has it now.</summary>
    public async Task<QuotaStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var sent = Now;
        var (stored, date) = await _store.ReadAsync(cancellationToken);
        var now = ServerTime.From(date, Now - sent);
        var window = stored is null ? SlidingWindow.Empty(_parameters, now)
            : SlidingWindow.Read(stored, _parameters, now) ?? SlidingWindow.Full(_parameters, now);
        var (from, curve) = window.Curve(now, points: 60);
        return new QuotaStatus(
            _key, _parameters.Limit, window.Used(now), Classes.ToDictionary(priority => priority, priority => window.Free(priority, now)),
            window.BlockedUntil > now.Earliest ? new DateTimeOffset(window.BlockedUntil, TimeSpan.Zero) : null,
            new DateTimeOffset(from, TimeSpan.Zero), curve);
    }

    /// <summary>Turns away those who wait. What an exchange under way is granted counts, and nobody has it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var limiter in _limiters)
                limiter.Stop();
        }

        _timer.Dispose();
    }

    private async Task RunAsync()
    {
        while (Next() is { } request)
        {
            var began = Now;
            var (grant, asked, lost) = await ExchangeAsync(request);
            lock (_lock)
                Settle(request, grant, asked, lost, Now - began);
        }
    }

    // What to ask for now; or null, with the timer set for when there will be something to do.
    private GrantRequest? Next()
    {
        lock (_lock)
        {
            var now = Now;
            foreach (var limiter in _limiters)
                limiter.Dismiss(now, _unreachable ? Unreachable : Late);
            if (now >= _block.Until)
                _block = default; // it is over, so nobody needs to be told
            if (!_disposed && now >= _backoffUntil)
            {
                int[] wanted = [.. _limiters.Select(limiter => limiter.Wanted(now))];
                if (_block.Untold || _unblock || wanted.Any(permits => permits > 0))
                    return new GrantRequest(wanted, _block.Untold ? _block.Until - now : 0, _block.Doubles, _unblock);
            }

            _exchanging = false;
            var due = _limiters.Min(limiter => limiter.Due(_backoffUntil));
            if (_block.Untold || _unblock)
                due = Math.Min(due, _backoffUntil);
            // Timers have milliseconds; rounded up, or they would fire too early and in vain.
            var wait = TimeSpan.FromMilliseconds(Math.Max(0, (due - now) / TimeSpan.TicksPerMillisecond + 1));
            _timer.Change(due == long.MaxValue || _disposed ? Timeout.InfiniteTimeSpan : wait, Timeout.InfiniteTimeSpan);
            return null;
        }
    }

    // What was granted, and the local time from which its age counts; or that a race was lost; or neither: then storage did not answer,
    // and if it was asked to write, that may have taken effect. Such permits count, and nobody has them.
    private async Task<(GrantResult? Grant, long Asked, bool Lost)> ExchangeAsync(GrantRequest request)
    {
        using var timeout = new CancellationTokenSource(StoreTimeout, _time);
        try
        {
            var sent = Now;
            var (stored, date) = await _store.ReadAsync(timeout.Token);
            var asked = Now;
            var now = ServerTime.From(date, asked - sent);
            var (window, isNew) = Open(stored, now);
            var grant = window.Exchange(request, now);
            var changed = isNew || !ReferenceEquals(window, grant.Window);
            if (changed && !await _store.TryWriteAsync(grant.Window, stored, timeout.Token))
                return (null, 0, true);
            _written = changed ? date : stored!.Written;
            _unreachable = false;
            return (grant, asked, false);
        }
        catch (Exception e) // whatever it was: without a written window there is no grant
        {
            if (!_unreachable && timeout.IsCancellationRequested)
                Log.Slow(_logger, Tags[0].Value, StoreTimeout);
            else if (!_unreachable)
                Log.Unreachable(_logger, e, Tags[0].Value);
            _unreachable = true;
            return (null, 0, false);
        }
    }

    // The stored window, or one to write in its place.
    private (SlidingWindow Window, bool IsNew) Open(StoredWindow? stored, ServerTime now)
    {
        // One that was not written for as long as permits count holds none, whoever wrote it.
        if (stored is null ? _written == default : now.Earliest - stored.Written.UtcTicks > _parameters.Hold)
            return (SlidingWindow.Empty(_parameters, now), true);
        if (stored is not null && SlidingWindow.IsNewer(stored.Ring))
            throw new InvalidDataException("A later version of the app has written the quota. It is left alone.");
        // It is never older than before, unless storage has lost writes, as an account may that has failed over.
        if (stored is not null && stored.Written + ServerClocks >= _written && SlidingWindow.Read(stored, _parameters, now) is { } window)
            return (window, false);
        Log.Corrupt(_logger, Tags[0].Value, TimeSpan.FromTicks(_parameters.Hold));
        return (SlidingWindow.Full(_parameters, now), true); // whatever may have been granted before
    }

    private void Settle(GrantRequest request, GrantResult? grant, long asked, bool lost, long took)
    {
        var now = Now;
        if (grant is null)
        {
            (lost ? _metrics.Conflicts : _metrics.Failures).Add(1, Tags);
            _conflicts = lost ? _conflicts + 1 : 0;
            _backoffClass = (QuotaClass)Math.Max(0, Array.FindIndex(request.Wanted, permits => permits > 0));
            // How long a race took tells how many are in it, and how often it was lost in a row how wrong that was. Submissions give way to
            // nobody for long.
            var growth = Math.Min(_conflicts, _backoffClass == QuotaClass.Submission ? 1 : 3);
            var longest = lost ? Math.Min(took << growth, MaxBackoff.Ticks) : OutageBackoff.Ticks;
            _backoffUntil = now + (long)(longest * _random.NextDouble());
            return;
        }

        _conflicts = 0;
        _unblock &= !request.Unblock;
        if (request.Block >= _block.Until - asked)
            _block = _block with { Untold = false };
        if (!grant.Blocked && !_block.Untold)
            _block = default; // lifted elsewhere
        for (var c = 0; c < _limiters.Length; c++)
        {
            _limiters[c].Grant(grant.Granted[c], asked + _options.GrantLife.Ticks);
            if (grant.Waits[c] > 0)
                Close(_limiters[c], now, asked + grant.Waits[c] - now, grant.Blocked ? Blocked : UsedUp);
        }

        var granted = grant.Granted.Sum();
        if (granted == 0)
            return;
        _metrics.Grants.Add(1, Tags);
        _metrics.Granted.Add(granted, Tags);
    }

    // Permits are asked for a little later than there can be some, since all instances wait for the same ones.
    private void Close(QuotaLimiter limiter, long now, long wait, string reason)
    {
        var askAt = now + wait + _random.NextInt64(1 + _parameters.SlotLength / 5);
        limiter.Close(now + wait, reason == Blocked ? Math.Min(askAt, now + BlockCheck.Ticks) : askAt, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Critical,
            "The stored quota of site {Site} is gone, not readable, or older than it was; it counts as used up and renews itself within "
                + "{Hold}"
        )]
        public static partial void Corrupt(ILogger logger, object? site, TimeSpan hold);

        [LoggerMessage(
            LogLevel.Warning, "Storage did not answer for the quota of site {Site} within {Timeout}; requests wait until it does.")]
        public static partial void Slow(ILogger logger, object? site, TimeSpan timeout);

        [LoggerMessage(LogLevel.Warning, "The quota of site {Site} cannot be asked for permits; requests wait until storage answers.")]
        public static partial void Unreachable(ILogger logger, Exception exception, object? site);
    }
}
