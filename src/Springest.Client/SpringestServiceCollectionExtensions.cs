using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Client;

/// <summary>Registration of <see cref="SpringestClient"/>.</summary>
public static class SpringestServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="SpringestClient"/> as keyed service for each child of <paramref name="sites"/> (such as
    /// <c>Springest:Sites</c>), the site's name being the key. Its options are validated on start.
    /// </summary>
    public static IServiceCollection AddSpringestClients(this IServiceCollection services, IConfigurationSection sites)
        => throw new NotImplementedException();
}
