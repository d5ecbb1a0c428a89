using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client.Http;

namespace Springest.Client;

/// <summary>Registration of <see cref="SpringestClient"/>.</summary>
public static class SpringestServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="SpringestClient"/> as keyed service for each child of <paramref name="sites"/> (such as
    /// <c>Springest:Sites</c>), the site's name in lower case being the key: a configuration may give it back in any case in which it is
    /// written there. Its options are validated on start. Its HTTP client is named <c>Springest.{site}</c>: message handlers and loggers
    /// may be added to it, and will not see the key. A site that is registered already is only configured further.
    /// </summary>
    public static IServiceCollection AddSpringestClients(this IServiceCollection services, IConfigurationSection sites)
    {
        foreach (var site in sites.GetChildren())
            services.AddSite(site.Key.ToLowerInvariant(), $"{site.Path.Replace(":", "__", StringComparison.Ordinal)}__").Bind(site);
        return services;
    }

    /// <summary>
    /// Registers a <see cref="SpringestClient"/> for one site: as keyed service under the site's name and, if it is the first,
    /// without a key. Its options are validated on start. A site that is registered already is only configured further.
    /// </summary>
    public static IServiceCollection AddSpringestClient(
        this IServiceCollection services, string site, Action<SpringestSiteOptions> configure)
    {
        services.AddSite(site, $"Springest__Sites__{site}__").Configure(configure);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<SpringestClient>(site));
        return services;
    }

    private static OptionsBuilder<SpringestSiteOptions> AddSite(this IServiceCollection services, string site, string settingPrefix)
    {
        // A second time, the handlers would stand in each other's way.
        if (services.Any(service => service.ServiceType == typeof(SpringestClient) && Equals(service.ServiceKey, site)))
            return services.AddOptions<SpringestSiteOptions>(site);
        var httpClient = $"Springest.{site}";
        services.AddHttpClient(httpClient)
            .ConfigureHttpClient(SiteConnection.Configure)
            .ConfigurePrimaryHttpMessageHandler(provider => new ApiKeyHandler(
                Options(provider).KeyFor, ApiKeyHandler.CreateConnection(Options(provider).AttemptTimeout)))
            // Those that a program adds come after them, so that they see each attempt.
            .ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
            {
                var ours = SiteConnection.CreateHandlers(site, Options(provider), Time(provider), Meter(provider), Logger(provider));
                foreach (var handler in ours)
                    handlers.Add(handler);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddKeyedSingleton(site, (provider, _) => new SpringestClient(
            new SiteConnection(
                site, provider.GetRequiredService<IHttpClientFactory>().CreateClient(httpClient),
                Options(provider), Time(provider), Logger(provider)),
            RateLimits.None));
        services.AddSingleton<IValidateOptions<SpringestSiteOptions>>(new SiteOptionsValidator(site, settingPrefix));
        return services.AddOptions<SpringestSiteOptions>(site)
            .PostConfigure(options => options.Host ??= SiteOptionsValidator.KnownHost(site))
            .ValidateOnStart();

        SpringestSiteOptions Options(IServiceProvider provider)
            => provider.GetRequiredService<IOptionsMonitor<SpringestSiteOptions>>().Get(site);
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static Meter Meter(IServiceProvider provider) => provider.GetRequiredService<IMeterFactory>().Create(SiteConnection.Name);

    private static ILogger<SpringestClient> Logger(IServiceProvider provider) => provider.GetRequiredService<ILogger<SpringestClient>>();
}
