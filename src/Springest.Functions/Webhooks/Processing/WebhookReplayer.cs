using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Puts what deliveries named in the inbox, from the bodies that were kept.</summary>
public sealed class WebhookReplayer(DeliveryStore deliveries, WebhookInbox inbox, TimeProvider time)
{
    /// <summary>Puts what one delivery named in the inbox; nothing if it is no longer kept.</summary>
    public async Task<ReplayResult> ReplayAsync(string site, string id, CancellationToken cancellationToken)
    {
        if (
            await deliveries.FindAsync(site, id, cancellationToken) is not { } delivery
            || await ReadAsync(delivery, cancellationToken) is not { } changes)
            return new ReplayResult(0, 0);
        var now = time.GetUtcNow();
        await inbox.PutAsync(changes.Select(change => InboxItemEntity.For(site, change, id, now)), cancellationToken);
        return new ReplayResult(1, changes.Count);
    }

    /// <summary>Puts what several deliveries named in the inbox, each object once.</summary>
    /// <param name="site">Their site.</param>
    /// <param name="replayed">The deliveries, the latest first: what they say of an object counts.</param>
    /// <param name="cancellationToken">Stops it half-way, which does no harm.</param>
    public async Task<ReplayResult> ReplayAsync(
        string site, IAsyncEnumerable<DeliveryEntity> replayed, CancellationToken cancellationToken)
    {
        var (now, count, changes) = (time.GetUtcNow(), 0, new Dictionary<(WebhookObject, long), (WebhookChange Change, string Delivery)>());
        await foreach (var delivery in replayed.WithCancellation(cancellationToken))
        {
            if (await ReadAsync(delivery, cancellationToken) is not { } named)
                continue;
            count++;
            foreach (var change in named)
                changes.TryAdd((change.Object, change.Id), (change, delivery.RowKey));
        }

        await inbox.PutAsync(
            changes.Values.Select(each => InboxItemEntity.For(site, each.Change, each.Delivery, now)), cancellationToken);
        return new ReplayResult(count, changes.Count);
    }

    /// <summary>What a delivery named; null if its body is no longer kept.</summary>
    private async Task<IReadOnlyCollection<WebhookChange>?> ReadAsync(DeliveryEntity delivery, CancellationToken cancellationToken)
        => await deliveries.ReadBodyAsync(delivery, cancellationToken) is { } body
            ? WebhookParser.Parse(Enum.Parse<WebhookFeed>(delivery.Feed), new(body), WebhookParser.AnyNumber).Changes
            : null;
}
