using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Quota;

/// <summary>Instances of the app that share a quota of their own on Azurite.</summary>
public abstract class QuotaTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly List<QuotaInstance> _instances = [];

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected Azurite Azurite => azurite.Azurite;

    /// <summary>Where this test's quota is.</summary>
    protected string Prefix { get; private set; } = "";

    public async ValueTask InitializeAsync() => Prefix = await QuotaInstance.NewPrefixAsync(azurite.Azurite.ConnectionString, Cancelled);

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected QuotaInstance Start(Action<QuotaOptions> configure, string? connection = null)
    {
        var instance = new QuotaInstance(connection ?? azurite.Azurite.ConnectionString, Prefix, configure);
        _instances.Add(instance);
        return instance;
    }

    protected static void Scale(QuotaOptions options, int limit, TimeSpan window)
    {
        (options.Limit, options.Window) = (limit, window);
        // As long as can be: on a busy machine storage takes its time, and so does a caller that has a permit.
        var longest = window < TimeSpan.FromSeconds(20) ? window : TimeSpan.FromSeconds(20);
        (options.GrantLife, options.LongestAttempt, options.BlockTime) = (longest, longest, window / 2);
        (options.WebhookShare, options.WebhookAloneShare, options.DeltaShare, options.FullPassShare) = (1, 1, 1, 1);
    }

    // Takes permits until there are no more. A lease is refused at once when patience cannot help.
    protected static async Task<int> CountAsync(RateLimiter limiter)
    {
        for (var count = 0; ; count++)
        {
            using var lease = await limiter.AcquireAsync(1, Cancelled);
            if (!lease.IsAcquired)
                return count;
        }
    }

    /// <summary>What an instance measures by one instrument while this listens; what is observed counts as it is when asked for.</summary>
    private protected sealed class Sum : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _value;

        public Sum(QuotaInstance instance, string name)
        {
            _listener.InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == instance.Meters)
                    _listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref _value, measurement));
            _listener.Start();
        }

        public long Value
        {
            get
            {
                _listener.RecordObservableInstruments();
                return _value;
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
