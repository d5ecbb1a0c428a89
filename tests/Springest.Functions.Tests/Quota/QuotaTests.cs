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
        (options.Limit, options.Window, options.SlotLength) = (limit, window, window / 100);
        // As long as can be: on a busy machine storage takes its time, and so does a caller that has a permit.
        var longest = window < TimeSpan.FromSeconds(20) ? window : TimeSpan.FromSeconds(20);
        (options.GrantLife, options.NetworkSlack, options.BlockTime) = (longest, longest, window / 2);
        (options.SubmissionReserve, options.WebhookReserve, options.ChunkSize) = (0, 0, Math.Min(limit, 10));
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

    private protected static long Measured(QuotaInstance instance, string name)
    {
        var sum = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Name == name && instrument.Meter.Scope == instance.Meters)
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => sum += measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;
    }
}
