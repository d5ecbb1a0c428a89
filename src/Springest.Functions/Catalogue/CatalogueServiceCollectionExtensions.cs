using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Catalogue.Reading;

namespace Springest.Functions.Catalogue;

public static class CatalogueServiceCollectionExtensions
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MirrorOptions>().Bind(configuration.GetSection("Springest:Mirror")).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<CatalogueStore>()
            .AddSingleton<CatalogueCrawler>()
            .AddSingleton<MirrorStatus>()
            .AddSingleton<CatalogueMirror>()
            .AddSingleton<CatalogueReader>();
    }
}
