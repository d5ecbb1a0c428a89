using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Storage;

namespace Springest.Functions.Quota;

/// <summary>The limiters of all sites and keys. Where a site's keys are the same they share one quota.</summary>
public sealed class QuotaLimiters : IAsyncDisposable
{
    private readonly AppStorage _storage;
    private readonly QuotaOptions _options;
    private readonly IOptionsMonitor<SpringestSiteOptions> _sites;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<(string Site, SpringestKey Key), Lazy<QuotaPool>> _pools = new();
    private readonly ConcurrentDictionary<(string Site, SpringestKey Key, QuotaClass Class), QuotaLimiter> _limiters = new();

    public QuotaLimiters(
        AppStorage storage, IOptions<QuotaOptions> options, IOptionsMonitor<SpringestSiteOptions> sites,
        IMeterFactory meters, TimeProvider time, ILoggerFactory loggers)
    {
        (_storage, _options, _sites, _time, _logger) = (storage, options.Value, sites, time, loggers.CreateLogger<QuotaCounter>());
        QuotaMetrics.Observe(meters, () => _pools.Values.Select(pool => pool.Value));
    }

    public RateLimiter For(string site, SpringestKey key, QuotaClass priority)
        => _limiters.GetOrAdd((site, key, priority), id => new QuotaLimiter(Pool(id.Site, id.Key), id.Class));

    /// <summary>Stops the requests of a key in every instance, since the server said that it had too many.</summary>
    public void Block(string site, SpringestKey key, TimeSpan? retryAfter) => Pool(site, key).Block(retryAfter ?? _options.BlockTime);

    /// <summary>The quotas of a site: one, or two where certifications have a key of their own.</summary>
    public async Task<IReadOnlyList<QuotaStatus>> ReadStatusAsync(string site, CancellationToken cancellationToken)
    {
        var pools = Enum.GetValues<SpringestKey>().Select(key => Pool(site, key)).Distinct();
        return await Task.WhenAll(pools.Select(pool => pool.ReadStatusAsync(cancellationToken)));
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_pools.Values.Select(pool => pool.Value.DisposeAsync().AsTask()));

    private QuotaPool Pool(string site, SpringestKey key)
    {
        var settings = _sites.Get(site);
        var own = settings.CertificationsApiKey is { Length: > 0 } special && special != settings.ApiKey;
        return _pools.GetOrAdd((site, own ? key : SpringestKey.General), id => new Lazy<QuotaPool>(() => Create(id.Site, id.Key))).Value;
    }

    private QuotaPool Create(string site, SpringestKey key)
    {
        var settings = _sites.Get(site);
        var fingerprint = Fingerprint(key == SpringestKey.Certifications ? settings.CertificationsApiKey! : settings.ApiKey);
        var store = new QuotaStore(_storage.Table(QuotaStorage.Counters), site, fingerprint);
        return new QuotaPool(key, new QuotaCounter(site, store, new QuotaShape(_options), _time, _logger), _options, _time, Random.Shared);
    }

    // Tells keys apart in storage; nobody can find the key again from it.
    private static string Fingerprint(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));
}
