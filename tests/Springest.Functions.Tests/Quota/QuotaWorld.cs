using System.Threading.RateLimiting;
using Azure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Springest.Client;
using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>
/// Instances with the real limiter, in virtual time, on one thread: what happens follows from the seed alone. Run it where there
/// is no synchronisation context.
/// </summary>
internal sealed class QuotaWorld
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<Caller> _callers = [];
    private readonly Dictionary<QuotaPool, Line> _lines = [];
    private readonly List<long> _arrivals = [];
    private readonly QuotaOptions _options;
    private readonly DateTimeOffset _start;
    private TimeSpan _step;

    public QuotaWorld(int seed, QuotaOptions options)
    {
        (_options, Random) = (options, new Random(seed));
        Store = new VirtualStore(_time, Random);
        _start = _time.GetUtcNow();
    }

    public Random Random { get; }

    public VirtualStore Store { get; }

    public int Limit => _options.Limit;

    /// <summary>Permits that came later than their life allows, measured from before their grant was asked for.</summary>
    public int Overdue { get; private set; }

    public TimeSpan Now => _time.GetUtcNow() - _start;

    /// <summary>Requests at the server, in the order in which they were sent.</summary>
    public int Requests => _arrivals.Count;

    public QuotaPool StartInstance()
    {
        var time = new SkewedTime(_time, TimeSpan.FromSeconds(Random.Next(0, 600)));
        var line = new Line(this);
        var counter = new QuotaCounter("nl", line, new QuotaShape(_options), time, NullLogger.Instance);
        var pool = new QuotaPool(SpringestKey.General, counter, _options, time, Random);
        _lines.Add(pool, line);
        return pool;
    }

    /// <summary>A caller that sends one request after the other.</summary>
    public Caller AddCaller(QuotaPool pool, QuotaClass priority = QuotaClass.Submission, TimeSpan pause = default)
    {
        var caller = new Caller(this, pool, priority, pause);
        _callers.Add(caller);
        return caller;
    }

    /// <summary>The instance is gone from one moment to the next: nobody uses what it held, and nobody gives it back.</summary>
    public void Crash(QuotaPool pool)
    {
        _callers.RemoveAll(caller => caller.Pool == pool);
        _lines[pool].Cut = true;
    }

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan time, TimeSpan step)
    {
        _step = step;
        for (var end = Now + time; Now < end; _time.Advance(step))
        {
            foreach (var caller in _callers)
                caller.Act();
        }
    }

    public int RequestsSince(TimeSpan from) => _arrivals.Count(arrival => arrival >= (_start + from).UtcTicks);

    /// <summary>The most requests in any trailing window, as the server saw them.</summary>
    public int MostInWindow()
    {
        var arrivals = _arrivals.Order().ToList();
        var (most, first) = (0, 0);
        for (var last = 0; last < arrivals.Count; last++)
        {
            while (arrivals[first] <= arrivals[last] - _options.Window.Ticks)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>An instance's way to the store.</summary>
    private sealed class Line(QuotaWorld world) : IQuotaStore
    {
        public bool Cut { get; set; }

        /// <summary>When the last write was sent.</summary>
        public TimeSpan Sent { get; private set; }

        public Task<(byte[]? Ring, ETag ETag, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
            => Cut ? throw new IOException("The instance is gone.") : world.Store.ReadAsync(cancellationToken);

        public Task<DateTimeOffset?> TryWriteAsync(byte[] ring, ETag etag, CancellationToken cancellationToken)
        {
            Sent = world.Now;
            return Cut ? throw new IOException("The instance is gone.") : world.Store.TryWriteAsync(ring, etag, cancellationToken);
        }
    }

    internal sealed class Caller(QuotaWorld world, QuotaPool pool, QuotaClass priority, TimeSpan pause)
    {
        private Task<RateLimitLease>? _waiting;
        private TimeSpan _since;
        private TimeSpan _next = world.Now + world.Random.NextDouble() * pause;

        public QuotaPool Pool => pool;

        public List<TimeSpan> Waits { get; } = [];

        public int Refusals { get; private set; }

        public int Served => Waits.Count;

        /// <summary>How long the request under way has waited by now.</summary>
        public TimeSpan Waiting => _waiting is null ? TimeSpan.Zero : world.Now - _since;

        public void Act()
        {
            while (true)
            {
                if (_waiting is null)
                {
                    if (world.Now < _next)
                        return;
                    _since = world.Now;
                    _waiting = pool.AcquireAsync(priority, 1, CancellationToken.None).AsTask();
                }

                if (!_waiting.IsCompleted)
                    return;
                Done(_waiting.Result);
                _waiting = null;
            }
        }

        private void Done(RateLimitLease lease)
        {
            if (!lease.IsAcquired)
            {
                // It puts the work down, and comes back when it is told that there may be permits.
                Refusals++;
                lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter);
                _next = world.Now + retryAfter;
                return;
            }

            Waits.Add(world.Now - _since);
            if (world.Now - world._lines[pool].Sent > world._options.GrantLife + world._step)
                world.Overdue++;
            world._arrivals.Add((world._time.GetUtcNow() + world.Random.NextDouble() * world._options.NetworkSlack).UtcTicks);
            // Never twice at the same moment, or a caller that never waits would never end.
            _next = world.Now + pause * (0.5 + world.Random.NextDouble()) + TimeSpan.FromMilliseconds(1);
        }
    }
}
