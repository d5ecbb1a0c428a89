using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;

namespace Springest.Functions.Sites;

public static partial class SitesServiceCollectionExtensions
{
    // The rest is for what the client can do and the app does not.
    private static readonly SettingsSection Settings = new(
        "Sites:*",
        typeof(SpringestSiteOptions),
        nameof(SpringestSiteOptions.AutocompleteFormat),
        nameof(SpringestSiteOptions.WrapUsers),
        nameof(SpringestSiteOptions.LongGenders));

    /// <summary>Adds the clients of the sites.</summary>
    /// <exception cref="SettingsException">There is no site, or one has a name that is not allowed.</exception>
    public static IServiceCollection AddSites(this IServiceCollection services, IConfiguration configuration)
    {
        var sites = configuration.GetSection("Springest:Sites");
        var names = sites.GetChildren().Select(NameOf).ToList();
        if (names.Count == 0)
            throw new SettingsException(
                "No site is set. There must be at least one, by its key: Springest__Sites__nl__ApiKey, with another name for nl.");
        // Names are parts of keys in storage, where a hyphen or a slash divides.
        if (names.FindAll(name => !Name().IsMatch(name)) is { Count: > 0 } wrong)
            throw new SettingsException(string.Join('\n', wrong.Select(
                name => $"Springest__Sites__{name} is not allowed: the name of a site must be 2 to 30 letters and digits.")));
        foreach (var site in sites.GetChildren())
        {
            var own = NameOf(site);
            services.AddOptions<SiteWordsOptions>(own).Bind(site).ValidateOnStart();
            services.AddSingleton<IValidateOptions<SiteWordsOptions>>(
                new AnnotatedOptionsValidator<SiteWordsOptions>($"Springest__Sites__{site.Key}", own));
            var before = names.TakeWhile(name => name != own).ToList();
            services.AddOptions<SpringestSiteOptions>(own).Validate<IServiceProvider>(
                (options, provider) => !before.Exists(
                    name => HaveOneKey(options, provider.GetRequiredService<IOptionsMonitor<SpringestSiteOptions>>().Get(name))),
                $"Springest__Sites__{site.Key} has a key that another site at the same host has as well. Each of the two would count only "
                    + "its own requests, and together they would send more than Springest allows. Leave one of the two sites out.");
        }

        return services
            .AddSingleton(Settings)
            .AddSingleton(new SettingsSection("Sites:*", typeof(SiteWordsOptions)))
            .AddSpringestClients(sites)
            .AddSingleton<SpringestClients>();
    }

    /// <summary>The name of a site, as storage and the client know it, however its settings are spelt.</summary>
    internal static string NameOf(IConfigurationSection site) => site.Key.ToLowerInvariant();

    [GeneratedRegex(@"^[A-Za-z0-9]{2,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    private static bool HaveOneKey(SpringestSiteOptions one, SpringestSiteOptions other)
        => one.Host == other.Host && KeysOf(one).Intersect(KeysOf(other)).Any();

    private static IEnumerable<string> KeysOf(SpringestSiteOptions site)
        => new[] { site.ApiKey, site.CertificationsApiKey }.OfType<string>().Where(key => key.Length > 0);
}
