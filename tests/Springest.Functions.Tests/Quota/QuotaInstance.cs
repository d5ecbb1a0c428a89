using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Quota;

/// <summary>One running app as far as the quota goes. Several share the storage named by connection string and prefix.</summary>
internal sealed class QuotaInstance : IAsyncDisposable
{
    public const string Site = "nl";

    private readonly ServiceProvider _services;

    public QuotaInstance(string connection, string prefix, Action<QuotaOptions>? configure = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = connection,
            ["Springest:Storage:Prefix"] = prefix,
        }).Build();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Logs)).AddSingleton(TimeProvider.System)
            .AddAppStorage(configuration).AddQuota(configuration)
            .Configure<SpringestSiteOptions>(Site, options => options.ApiKey = "a-key")
            .Configure<SpringestSiteOptions>("two", options => (options.ApiKey, options.CertificationsApiKey) = ("b-key", "c-key"));
        if (configure is not null)
            services.Configure(configure);
        _services = services.BuildServiceProvider();
        Limiters = _services.GetRequiredService<QuotaLimiterRegistry>();
    }

    public QuotaLimiterRegistry Limiters { get; }

    public CapturedLogs Logs { get; } = new();

    public AppStorage Storage => _services.GetRequiredService<AppStorage>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    /// <summary>A prefix that no other test uses, with the table made.</summary>
    public static async Task<string> NewPrefixAsync(string connection, CancellationToken cancellationToken)
    {
        var prefix = "q" + Guid.NewGuid().ToString("n")[..12];
        await using var instance = new QuotaInstance(connection, prefix);
        await instance.Storage.Table(QuotaStorage.Counters).CreateIfNotExistsAsync(cancellationToken);
        return prefix;
    }

    public RateLimiter Limiter(QuotaClass priority = QuotaClass.Submission) => Limiters.For(Site, SpringestKey.General, priority);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
