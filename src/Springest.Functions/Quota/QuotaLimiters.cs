using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Storage;

namespace Springest.Functions.Quota;

/// <summary>The limiters of all sites and keys. Keys that are the same share one quota.</summary>
public sealed class QuotaLimiters(
    AppStorage storage,
    IOptions<QuotaOptions> options,
    IOptionsMonitor<SpringestSiteOptions> sites,
    TimeProvider time,
    ILogger<QuotaLimiters> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Site, string Fingerprint), Lazy<QuotaPool>> _pools = new();
    private readonly ConcurrentDictionary<(string Site, SpringestKey Key, QuotaClass Class), QuotaLimiter> _limiters = new();

    public RateLimiter For(string site, SpringestKey key, QuotaClass priority)
        => _limiters.GetOrAdd((site, key, priority), id => new QuotaLimiter(Pool(id.Site, id.Key), id.Class));

    /// <summary>Stops the requests of a key in every instance, since the server said that it had too many.</summary>
    public void Block(string site, SpringestKey key, TimeSpan? retryAfter) => Pool(site, key).Block(retryAfter ?? options.Value.BlockTime);

    public async ValueTask DisposeAsync()
        => await Task.WhenAll(_pools.Values.Select(pool => pool.Value.DisposeAsync().AsTask()));

    private QuotaPool Pool(string site, SpringestKey key)
        => _pools.GetOrAdd((site, Fingerprint(site, key)), id => new Lazy<QuotaPool>(() => Create(id.Site, id.Fingerprint))).Value;

    private QuotaPool Create(string site, string fingerprint)
    {
        var store = new QuotaStore(storage.Table(Tables.Quota), site, fingerprint);
        return new QuotaPool(new QuotaCounter(store, new QuotaShape(options.Value), time, logger), options.Value, time);
    }

    // A key is told by a part of its hash, from which nobody can find it again.
    private string Fingerprint(string site, SpringestKey key)
    {
        var settings = sites.Get(site);
        var value = key == SpringestKey.Certifications && settings.CertificationsApiKey is { Length: > 0 } own ? own : settings.ApiKey;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 8));
    }
}
