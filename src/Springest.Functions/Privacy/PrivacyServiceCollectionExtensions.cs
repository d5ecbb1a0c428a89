using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions.Privacy;

public static class PrivacyServiceCollectionExtensions
{
    /// <summary>Adds what removes personal data: when it is old, and when somebody wants it.</summary>
    public static IServiceCollection AddPrivacy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PrivacyOptions>(configuration, "Privacy");
        return services
            .AddTables(Erasures.Table)
            .AddSingleton<Erasures>()
            .AddSingleton<IRetention, OperatorLogRetention>()
            .AddSingleton<RetentionRun>();
    }
}
