using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

public static class CatalogueServiceCollectionExtensions
{
    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MirrorOptions>(configuration, "Mirror");
        foreach (var resource in MirroredResources.All)
        {
            services.Configure<ResourceOptions>(
                resource.Name,
                options => (options.FullPassInterval, options.DeltaInterval) = (resource.FullPassInterval, resource.DeltaInterval));
            services.AddSettings<ResourceOptions>(configuration, $"Mirror:{resource.Name}", resource.Name);
        }

        return services
            .AddTables(MirroredResources.All.Select(resource => resource.Name))
            .AddTables(
                CatalogueStorage.Changes,
                CatalogueStorage.MirrorState,
                CatalogueStorage.MirrorPages,
                CatalogueStorage.MirrorCommands,
                CatalogueStorage.MirrorFields)
            .AddContainers(CatalogueStorage.RecordBlobs, CatalogueStorage.Exports)
            .AddSingleton<IValidateOptions<MirrorOptions>, MirrorOptionsValidator>()
            .AddSingleton<IValidateOptions<ResourceOptions>, MirrorOptionsValidator>()
            .AddSingleton<MirrorMetrics>()
            .AddSingleton<CatalogueStore>()
            .AddSingleton<CatalogueSync>()
            .AddSingleton<CatalogueStatus>()
            .AddSingleton<CatalogueMirror>()
            .AddSingleton<CatalogueReader>();
    }
}
