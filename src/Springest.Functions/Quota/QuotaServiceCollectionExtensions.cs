using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Functions.Quota;

public static class QuotaServiceCollectionExtensions
{
    public static IServiceCollection AddQuota(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }
}
