using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Privacy;
using Springest.Functions.Settings;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks.Api;
using Springest.Functions.Webhooks.Bodies;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Processing;
using Springest.Functions.Webhooks.Receiving;
using Springest.Functions.Webhooks.Retention;

namespace Springest.Functions.Webhooks;

public static class WebhooksServiceCollectionExtensions
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<WebhookOptions>(configuration, "Webhooks");
        services
            .AddTables(WebhookStorage.Inbox, WebhookStorage.Deliveries, WebhookStorage.Deletes, WebhookStorage.Conversions)
            .AddContainers(WebhookStorage.Bodies);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<WebhookReplayer>();
        services.AddSingleton<ConversionStore>();
        services.AddSingleton<DeleteGuard>();
        services.AddSingleton<ObjectReader>();
        services.AddSingleton<InboxItemWorker>();
        services.AddSingleton<InboxWorker>();
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<InlineApplier>();
        services.AddSingleton<BodyMemory>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<WebhookOperations>();
        services.AddSingleton<IPersonalData, ConversionPeople>();
        services.AddSingleton<IRetention, WebhookRetention>();
        return services;
    }
}
