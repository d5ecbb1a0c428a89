using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions.Quota;

public static class QuotaServiceCollectionExtensions
{
    /// <summary>The quota that all instances share.</summary>
    public static IServiceCollection AddQuota(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<QuotaOptions>(configuration, "Quota");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuotaOptions>, QuotaOptionsValidator>());
        services.AddTables(QuotaStorage.Counters).AddMetrics().AddSingleton<QuotaLimiters>();
        return services;
    }
}
