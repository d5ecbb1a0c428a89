using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Quota.Counter;
using Springest.Functions.Storage;
using Springest.Functions.Text;

namespace Springest.Functions.Quota.Limiter;

/// <summary>The limiters of all sites and keys. Where a site's keys are the same they share one quota.</summary>
public sealed class QuotaLimiterRegistry : IDisposable
{
    private readonly ConcurrentDictionary<(string Site, SpringestKey Key), Lazy<QuotaAllocator>> _allocators = new();
    private readonly IOptionsMonitor<SpringestSiteOptions> _sites;
    private readonly Func<string, SpringestKey, string, QuotaAllocator> _create;

    public QuotaLimiterRegistry(
        AppStorage storage, IOptions<QuotaOptions> options, IOptionsMonitor<SpringestSiteOptions> sites, IMeterFactory meters,
        TimeProvider time, ILoggerFactory loggers)
    {
        var (metrics, logger) = (new QuotaMetrics(meters.Create("Springest.Functions.Quota")), loggers.CreateLogger<QuotaAllocator>());
        metrics.Observe(() => _allocators.Values.Select(allocator => allocator.Value));
        _sites = sites;
        _create = (site, key, fingerprint) => new QuotaAllocator(
            site, key, new QuotaStore(storage.Table(QuotaStorage.Counters), site, fingerprint), options.Value, metrics, time,
            Random.Shared, logger);
    }

    public RateLimiter For(string site, SpringestKey key, QuotaClass priority) => Allocator(site, key).For(priority);

    /// <summary>Stops the requests of a key in every instance, since the server said that it had too many.</summary>
    public void Block(string site, SpringestKey key, TimeSpan? retryAfter) => Allocator(site, key).Block(retryAfter);

    /// <summary>Lets the requests of all keys of a site go on in every instance, whatever the server said.</summary>
    public void Unblock(string site)
    {
        foreach (var allocator in Allocators(site))
            allocator.Unblock();
    }

    /// <summary>The quotas of a site: one, or two where certifications have a key of their own.</summary>
    public async Task<IReadOnlyList<QuotaStatus>> ReadStatusAsync(string site, CancellationToken cancellationToken)
        => await Task.WhenAll(Allocators(site).Select(allocator => allocator.ReadStatusAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (var allocator in _allocators.Values)
            allocator.Value.Dispose();
    }

    private IEnumerable<QuotaAllocator> Allocators(string site)
        => Enum.GetValues<SpringestKey>().Select(key => Allocator(site, key)).Distinct();

    private QuotaAllocator Allocator(string site, SpringestKey key)
    {
        var settings = _sites.Get(site);
        var special = key == SpringestKey.Certifications ? settings.CertificationsApiKey : null;
        var own = !string.IsNullOrEmpty(special) && special != settings.ApiKey;
        return _allocators.GetOrAdd((site, own ? key : SpringestKey.General), id => new(() => _create(
            id.Site, id.Key, Fingerprint.Of(own ? special! : settings.ApiKey)))).Value;
    }
}
