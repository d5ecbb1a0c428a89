using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Privacy;
using Springest.Functions.Quota;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

public static class CatalogueServiceCollectionExtensions
{
    /// <summary>Of the quota's limit.</summary>
    private const double ShareOfPasses = 0.25;

    public static IServiceCollection AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MirrorOptions>(configuration, "Mirror");
        services
            .AddOptions<MirrorOptions>()
            .Configure<IOptions<QuotaOptions>>(
                (mirror, quota) => mirror.PagesAnHour = quota.Value.Limit / quota.Value.Window.TotalHours * ShareOfPasses);
        foreach (var resource in MirroredResources.All)
        {
            services.Configure<ResourceOptions>(
                resource.Name,
                options => (options.Schedule, options.FullPassInterval, options.DeltaInterval) = (
                    resource.Schedule,
                    resource.FullPassInterval,
                    resource.DeltaInterval));
            services.AddSettings<ResourceOptions>(configuration, $"Mirror:{resource.Name}", resource.Name);
        }

        return services
            .AddTables(MirroredResources.All.Select(resource => resource.Name))
            .AddTables(
                CatalogueStorage.Changes,
                CatalogueStorage.MirrorState,
                CatalogueStorage.MirrorPages,
                CatalogueStorage.MirrorCommands,
                CatalogueStorage.MirrorPasses,
                CatalogueStorage.MirrorFields)
            .AddContainers(CatalogueStorage.RecordBlobs, CatalogueStorage.Snapshots)
            .AddSingleton<MirrorMetrics>()
            .AddSingleton<CatalogueStore>()
            .AddSingleton<CatalogueSync>()
            .AddSingleton<CatalogueStatus>()
            .AddSingleton<CatalogueMirror>()
            .AddSingleton<CatalogueReader>()
            .AddSingleton<IPersonalData, MirroredPeople>();
    }
}
