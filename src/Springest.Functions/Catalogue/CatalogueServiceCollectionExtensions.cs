using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue.Reading;

namespace Springest.Functions.Catalogue;

public static class CatalogueServiceCollectionExtensions
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = configuration.GetSection("Springest:Mirror");
        services.AddOptions<MirrorOptions>().Bind(settings).ValidateOnStart();
        foreach (var resource in ResourceDescription.All)
        {
            services.AddOptions<ResourceOptions>(resource.Name)
                .Configure(options => (options.FullPassInterval, options.DeltaInterval) = (resource.FullPassInterval, resource.DeltaInterval))
                .Bind(settings.GetSection(resource.Name))
                .ValidateOnStart();
        }

        return services
            .AddSingleton<IValidateOptions<MirrorOptions>, MirrorOptionsValidator>()
            .AddSingleton<IValidateOptions<ResourceOptions>, MirrorOptionsValidator>()
            .AddSingleton<MirrorMetrics>()
            .AddSingleton<CatalogueStore>()
            .AddSingleton<CatalogueCrawler>()
            .AddSingleton<MirrorStatus>()
            .AddSingleton<CatalogueMirror>()
            .AddSingleton<CatalogueReader>()
            .AddSingleton<CertificationNames>();
    }
}
