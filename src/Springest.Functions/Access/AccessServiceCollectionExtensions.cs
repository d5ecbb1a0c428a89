using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions.Access;

public static class AccessServiceCollectionExtensions
{
    /// <summary>Who may use the app's addresses, and who did.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AccessOptions>(configuration, "Access");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>());
        return services
            .AddTables(OperatorLog.Table)
            .AddMetrics()
            .AddSingleton<AccessMetrics>()
            .AddSingleton<OperatorLog>()
            .AddSingleton(provider => new AccessKeys(
                provider.GetRequiredService<IOptions<AccessOptions>>(),
                AccessKeys.Open(provider.GetRequiredService<IOptions<AccessOptions>>().Value),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<AccessKeys>>()))
            .AddSingleton<AccessCheck>();
    }
}
