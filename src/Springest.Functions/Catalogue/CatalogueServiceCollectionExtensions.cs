using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Functions.Catalogue;

public static class CatalogueServiceCollectionExtensions
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }
}
