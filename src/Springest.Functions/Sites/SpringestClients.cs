using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Springest.Functions.Quota;

namespace Springest.Functions.Sites;

/// <summary>The configured sites, and for each a client whose requests count under a class of the quota.</summary>
public sealed class SpringestClients(IServiceProvider services, IConfiguration configuration, QuotaLimiters limiters)
{
    /// <summary>Names of the sites, as in <c>Springest:Sites:{site}</c>.</summary>
    public IReadOnlyList<string> Sites { get; } = [.. configuration.GetSection("Springest:Sites").GetChildren().Select(site => site.Key)];

    /// <summary>The client of a site.</summary>
    public SpringestClient For(string site, QuotaClass priority)
        => services.GetRequiredKeyedService<SpringestClient>(site).WithRateLimiter(key => limiters.For(site, key, priority));
}
