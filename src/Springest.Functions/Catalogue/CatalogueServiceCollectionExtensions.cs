using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue.Reading;

namespace Springest.Functions.Catalogue;

public static class CatalogueServiceCollectionExtensions
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MirrorOptions>().Bind(configuration.GetSection("Springest:Mirror")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<MirrorOptions>, MirrorOptionsValidator>()
            .AddSingleton<MirrorMetrics>()
            .AddSingleton<CatalogueStore>()
            .AddSingleton<CatalogueCrawler>()
            .AddSingleton<MirrorStatus>()
            .AddSingleton<CatalogueMirror>()
            .AddSingleton<CatalogueReader>()
            .AddSingleton<CertificationNames>();
    }
}
