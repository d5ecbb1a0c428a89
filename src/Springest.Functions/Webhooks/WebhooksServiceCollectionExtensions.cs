using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Webhooks;

public static class WebhooksServiceCollectionExtensions
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection("Springest:Webhooks")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookDeliveries>();
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<WebhookReplayer>();
        services.AddSingleton<ConversionStore>();
        services.AddSingleton<WebhookInstitutes>();
        services.AddSingleton<WebhookApplier>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookFastLane>();
        services.AddSingleton<BodyMemory>();
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<WebhookOperations>();
        return services;
    }
}
