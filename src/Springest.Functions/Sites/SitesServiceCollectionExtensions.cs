using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Springest.Functions.Settings;

namespace Springest.Functions.Sites;

public static class SitesServiceCollectionExtensions
{
    /// <summary>Adds the clients of the sites.</summary>
    /// <exception cref="SettingsException">There is no site.</exception>
    public static IServiceCollection AddSites(this IServiceCollection services, IConfiguration configuration)
    {
        var sites = configuration.GetSection("Springest:Sites");
        if (!sites.GetChildren().Any())
            throw new SettingsException(
                "No site is set. There must be at least one, by its key: Springest__Sites__nl__ApiKey, with another name for nl.");
        return services
            .AddSingleton(new SettingsSection("Sites:*", typeof(SpringestSiteOptions)))
            .AddSpringestClients(sites)
            .AddSingleton<SpringestClients>();
    }
}
