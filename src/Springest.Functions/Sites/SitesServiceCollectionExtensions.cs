using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;

namespace Springest.Functions.Sites;

public static class SitesServiceCollectionExtensions
{
    // The rest is for what the client can do and the app does not.
    private static readonly SettingsSection Settings = new(
        "Sites:*",
        typeof(SpringestSiteOptions),
        nameof(SpringestSiteOptions.AutocompleteFormat),
        nameof(SpringestSiteOptions.WrapUsers),
        nameof(SpringestSiteOptions.LongGenders));

    /// <summary>Adds the clients of the sites.</summary>
    /// <exception cref="SettingsException">There is no site.</exception>
    public static IServiceCollection AddSites(this IServiceCollection services, IConfiguration configuration)
    {
        var sites = configuration.GetSection("Springest:Sites");
        if (!sites.GetChildren().Any())
            throw new SettingsException(
                "No site is set. There must be at least one, by its key: Springest__Sites__nl__ApiKey, with another name for nl.");
        foreach (var site in sites.GetChildren())
        {
            services.AddOptions<SiteWordsOptions>(site.Key).Bind(site).ValidateOnStart();
            services.AddSingleton<IValidateOptions<SiteWordsOptions>>(
                new AnnotatedOptionsValidator<SiteWordsOptions>($"Springest__Sites__{site.Key}", site.Key));
        }

        return services
            .AddSingleton(Settings)
            .AddSingleton(new SettingsSection("Sites:*", typeof(SiteWordsOptions)))
            .AddSpringestClients(sites)
            .AddSingleton<SpringestClients>();
    }
}
