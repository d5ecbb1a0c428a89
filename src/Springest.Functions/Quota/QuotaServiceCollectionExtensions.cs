using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;
using Springest.Functions.Storage;
using Springest.Client;
using Springest.Functions.Quota.Limiter;

namespace Springest.Functions.Quota;

public static class QuotaServiceCollectionExtensions
{
    /// <summary>The quota that all instances share.</summary>
    public static IServiceCollection AddQuota(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<QuotaOptions>(configuration, "Quota")
            .PostConfigure(options => options.LongestAttempt = LongestAttempt(configuration, options.LongestAttempt));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuotaOptions>, QuotaOptionsValidator>());
        services.AddTables(QuotaStorage.Counters).AddMetrics().AddSingleton<QuotaLimiterRegistry>();
        return services;
    }

    // A value that is none is named by the check of the site itself.
    private static TimeSpan LongestAttempt(IConfiguration configuration, TimeSpan unset)
        => configuration.GetSection("Springest:Sites").GetChildren()
            .Select(site => site[nameof(SpringestSiteOptions.AttemptTimeout)])
            .Select(value => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time : unset)
            .DefaultIfEmpty(unset).Max();
}
