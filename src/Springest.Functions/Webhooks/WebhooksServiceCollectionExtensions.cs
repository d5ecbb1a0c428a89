using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Functions.Webhooks;

public static class WebhooksServiceCollectionExtensions
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }
}
