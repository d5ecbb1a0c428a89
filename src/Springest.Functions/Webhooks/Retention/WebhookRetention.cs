using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Springest.Functions.Privacy;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Webhooks.Retention;

/// <summary>Removes deliveries with their bodies, and conversions, that are older than they are kept.</summary>
public sealed class WebhookRetention(
    AppStorage storage, DeliveryStore deliveries, IOptions<WebhookOptions> options, TimeProvider clock) : IRetention
{
    public async Task<int> RemoveOldAsync(CancellationToken cancellationToken)
    {
        var count = await deliveries.RemoveBeforeAsync(clock.GetUtcNow() - options.Value.KeepFor, cancellationToken);
        var before = clock.GetUtcNow() - options.Value.KeepConversionsFor;
        return count + await storage.Table(WebhookStorage.Conversions)
            .DeleteAllAsync(TableClient.CreateQueryFilter($"FetchedAt lt {before}"), cancellationToken);
    }
}
