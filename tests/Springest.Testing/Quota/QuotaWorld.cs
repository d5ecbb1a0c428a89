using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Counter;
using Springest.Functions.Quota.Limiter;

namespace Springest.Testing.Quota;

/// <summary>
/// Instances with the real limiters, one store and one server, in virtual time, on one thread: what happens follows from the seed alone.
/// </summary>
internal sealed class QuotaWorld
{
    private static readonly QuotaMetrics Metrics = new(new Meter(nameof(QuotaWorld)));

    public QuotaWorld(int seed, QuotaOptions options)
    {
        (Options, Random) = (options, new Random(seed));
        (Store, Server) = (new VirtualStore(Time, Random), new VirtualServer(Time, Random) { Longest = options.LongestAttempt });
        AttemptTimeout = options.LongestAttempt;
    }

    public QuotaOptions Options { get; }

    public Random Random { get; }

    public VirtualTime Time { get; } = new();

    public VirtualStore Store { get; }

    public VirtualServer Server { get; }

    /// <summary>When the client gives an attempt up.</summary>
    public TimeSpan AttemptTimeout { get; set; }

    /// <summary>From when on nobody begins anything.</summary>
    public long End { get; set; } = long.MaxValue;

    public List<Instance> Instances { get; } = [];

    public Instance Start(bool isOfVersionBefore = false)
    {
        var instance = new Instance(this) { IsOfVersionBefore = isOfVersionBefore };
        Instances.Add(instance);
        return instance;
    }

    public void Run(TimeSpan time) => Time.RunUntil(Time.Now + time.Ticks);

    public int MostInWindow() => Server.MostIn(Options.Window.Ticks);

    public long Between(long low, long high) => Random.NextInt64(low, high + 1);

    /// <summary>One instance of the app.</summary>
    internal sealed class Instance
    {
        private readonly QuotaWorld _world;
        private readonly List<Caller> _waiting = [];

        public Instance(QuotaWorld world)
        {
            _world = world;
            Clock = new MachineTime(world.Time, world.Between(0, TimeSpan.TicksPerHour), world.Random.Next(-50, 51), Serve);
            Allocator = new QuotaAllocator(
                "nl",
                SpringestKey.General,
                new Line(this),
                world.Options,
                Metrics,
                Clock,
                world.Random,
                NullLogger.Instance);
        }

        public MachineTime Clock { get; }

        public QuotaAllocator Allocator { get; }

        /// <summary>False from one moment to the next: nobody uses what it was granted, and nobody hears the answers.</summary>
        public bool Alive { get; private set; } = true;

        /// <summary>Whether it is of the version before this one, which did not count webhooks apart.</summary>
        public bool IsOfVersionBefore { get; init; }

        public void Crash() => Alive = false;

        /// <summary>Callers that send one request after the other.</summary>
        public List<Caller> Add(
            int callers,
            QuotaClass priority = QuotaClass.Submission,
            TimeSpan pause = default,
            TimeSpan? hesitation = null)
        {
            List<Caller> added =
            [
                .. Enumerable.Range(0, callers).Select(_ => new Caller(_world, this, priority, pause, hesitation ?? TimeSpan.Zero)),
            ];
            added.ForEach(caller => _world.Time.After(_world.Between(0, pause.Ticks), caller.Ask));
            return added;
        }

        public void Wait(Caller caller) => _waiting.Add(caller);

        /// <summary>Has those go on whose waiting is over.</summary>
        public void Serve()
        {
            for (var i = 0; i < _waiting.Count; i++)
            {
                if (!_waiting[i].IsServed)
                    continue;
                var caller = _waiting[i];
                _waiting.RemoveAt(i--);
                _world.Time.After(0, caller.Served);
            }
        }

        // Its way to the store. Whatever changes for those who wait comes of an answer, a timeout, or a timer.
        private sealed class Line(Instance instance) : IQuotaStore
        {
            public async Task<(StoredWindow? Window, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
                => await UnlessGoneAsync(instance._world.Store.ReadAsync, cancellationToken);

            public async Task<bool> TryWriteAsync(SlidingWindow window, StoredWindow? read, CancellationToken cancellationToken)
                => await UnlessGoneAsync(
                    token => instance._world.Store.TryWriteAsync(window, read, instance.IsOfVersionBefore, token), cancellationToken);

            private async Task<T> UnlessGoneAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
            {
                if (!instance.Alive)
                    await new TaskCompletionSource().Task; // for ever
                try
                {
                    return await ask(cancellationToken);
                }
                finally
                {
                    instance._world.Time.After(0, instance.Serve);
                }
            }
        }
    }

    /// <summary>Sends one request after the other.</summary>
    /// <param name="world">Where.</param>
    /// <param name="instance">In which instance.</param>
    /// <param name="priority">What for.</param>
    /// <param name="pause">How long it rests in between, about.</param>
    /// <param name="hesitation">How long it has a permit in hand before it sends, at most.</param>
    internal sealed class Caller(QuotaWorld world, Instance instance, QuotaClass priority, TimeSpan pause, TimeSpan hesitation)
    {
        private Task<RateLimitLease>? _lease;
        private long _since;

        public List<TimeSpan> Waits { get; } = [];

        public int Refusals { get; private set; }

        public bool IsServed => _lease!.IsCompleted;

        public void Ask()
        {
            if (!instance.Alive || world.Time.Now >= world.End)
                return;
            _since = world.Time.Now;
            _lease = instance.Allocator.For(priority).AcquireAsync(1).AsTask();
            instance.Wait(this);
            world.Time.After(0, instance.Serve);
        }

        public void Served()
        {
            var lease = _lease!.Result;
            if (lease.IsAcquired)
            {
                Waits.Add(TimeSpan.FromTicks(world.Time.Now - _since));
                world.Time.After(world.Between(0, hesitation.Ticks), () => Send(lease));
                return;
            }

            // It puts the work down, and comes back when it is told that there may be permits.
            Refusals++;
            lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter);
            world.Time.After(retryAfter.Ticks + world.Between(0, pause.Ticks), Ask);
        }

        // As the client does: with a permit that is too old it takes another one.
        private void Send(RateLimitLease lease)
        {
            if (!lease.TryGetMetadata(PermitMetadata.TimeLeft, out var left) || left <= TimeSpan.Zero)
                Ask();
            else
                world.Server.Send(world.AttemptTimeout.Ticks, () => instance.Alive, Sent);
        }

        private void Sent(VirtualServer.Ending ending)
        {
            if (ending.Refused && instance.Alive)
                instance.Allocator.Block(ending.Pause);
            world.Time.After(1 + world.Between(pause.Ticks / 2, pause.Ticks * 3 / 2), Ask);
        }
    }
}
