using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;

namespace Springest.Functions.Sites;

/// <summary>The configured sites, and for each a client whose requests count under a class of the quota.</summary>
public sealed class SpringestClients(IServiceProvider services, IConfiguration configuration, QuotaLimiterRegistry limiters)
{
    /// <summary>Names of the sites, as in <c>Springest:Sites:{site}</c>, in lower case.</summary>
    public IReadOnlyList<string> Sites { get; } =
        [.. configuration.GetSection("Springest:Sites").GetChildren().Select(SitesServiceCollectionExtensions.NameOf)];

    /// <summary>The site of a name, whatever its case; null if there is none.</summary>
    public string? Find(string name) => Sites.FirstOrDefault(site => site.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A sentence for whoever asks for a site that there is not.</summary>
    public string Unknown(string name) => $"There is no site '{name}'. There are: {string.Join(", ", Sites)}.";

    /// <summary>The client of a site.</summary>
    /// <exception cref="ArgumentException">There is no such site.</exception>
    public SpringestClient For(string site, QuotaClass priority)
    {
        var client = services.GetKeyedService<SpringestClient>(site)
            ?? throw new ArgumentException($"There is no site '{site}' in Springest:Sites.", nameof(site));
        return client.WithRateLimiter(
            key => limiters.For(site, key, priority),
            (key, retryAfter, _) =>
            {
                limiters.Block(site, key, retryAfter);
                return ValueTask.CompletedTask;
            });
    }
}
