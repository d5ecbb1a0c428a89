using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Puts what deliveries named in the inbox, from the bodies that were kept.</summary>
public sealed class WebhookReplayer(DeliveryStore deliveries, WebhookInbox inbox, TimeProvider time)
{
    // After so many of either, what was read is put in the inbox, and how far it came noted.
    private const int DeliveriesTogether = 500;
    private const int ObjectsTogether = 10_000;

    /// <summary>Puts what one delivery named in the inbox; nothing if it is no longer kept.</summary>
    public Task<WebhookCommandResult> ReplayAsync(string site, string id, CancellationToken cancellationToken)
        => PutAsync(site, id, time.GetUtcNow(), rows => inbox.PutEarlierAsync(rows, cancellationToken), cancellationToken);

    /// <summary>The same for the row that stands for all that a delivery named.</summary>
    /// <exception cref="InboxItemDroppedException">The delivery was discarded meanwhile.</exception>
    public Task UnpackAsync(InboxItemEntity bundle, CancellationToken cancellationToken)
        => PutAsync(
            bundle.PartitionKey, bundle.Delivery, bundle.Named, rows => inbox.UnpackAsync(bundle, rows, cancellationToken),
            cancellationToken);

    /// <summary>
    /// Puts what the deliveries of a span of time named in the inbox, the latest first, each object once. Whatever is left when the call
    /// ends early is done by the timer.
    /// </summary>
    public async Task<WebhookCommandResult> ReplayAsync(
        string site, DateTimeOffset from, DateTimeOffset to, TimeSpan claim, CancellationToken cancellationToken)
    {
        var row = InboxItemEntity.Replay(site, from, to, time.GetUtcNow());
        row.NextAttempt += claim;
        await inbox.PutAsync([row], cancellationToken);
        var result = await ContinueAsync(row, cancellationToken, cancellationToken);
        await inbox.RemoveAsync(row, cancellationToken);
        return result;
    }

    /// <summary>Goes on with a replay where its row says that it stands.</summary>
    /// <param name="row">The row.</param>
    /// <param name="stop">Has it read no further portion.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="OperationCanceledException">It was stopped; the row says how far it came.</exception>
    public async Task<WebhookCommandResult> ContinueAsync(InboxItemEntity row, CancellationToken stop, CancellationToken cancellationToken)
    {
        var (replayed, objects, site) = (0, new HashSet<(WebhookObject, long)>(), row.PartitionKey);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var (last, now, changes, settled) = (
                (DeliveryEntity?)null, time.GetUtcNow(), new List<(WebhookChange Change, string Delivery)>(),
                new List<(DeliveryEntity Delivery, IReadOnlyCollection<WebhookChange> Changes)>());
            var left = deliveries.ReadAsync(site, row.ReplayFrom!.Value, row.ReplayTo!.Value, cancellationToken)
                .Where(delivery => string.CompareOrdinal(delivery.RowKey, row.ReplayAfter) > 0)
                .Take(DeliveriesTogether);
            await foreach (var delivery in left)
            {
                last = delivery;
                if (await ReadAsync(delivery, cancellationToken) is { } named)
                {
                    replayed++;
                    settled.Add((delivery, named));
                    // The latest delivery comes first: what it says of an object counts.
                    changes.AddRange(
                        named.Where(change => objects.Add((change.Object, change.Id))).Select(change => (change, delivery.RowKey)));
                }

                if (changes.Count >= ObjectsTogether)
                    break;
            }

            if (last is null)
                return new WebhookCommandResult(replayed, objects.Count);
            // Many of them leave a part of the requests to webhooks that come meanwhile, as those of one delivery do.
            await inbox.PutEarlierAsync(
                changes.Select(each => InboxItemEntity.For(site, each.Change, each.Delivery, now, changes.Count)), cancellationToken);
            await Task.WhenAll(settled.Select(each => SettleAsync(each.Delivery, each.Changes, cancellationToken)));
            (row.ReplayTo, row.ReplayAfter) = (last.Received, last.RowKey);
            await inbox.SaveAsync(row, cancellationToken);
        }
    }

    private async Task<WebhookCommandResult> PutAsync(
        string site, string id, DateTimeOffset named, Func<IEnumerable<InboxItemEntity>, Task> put, CancellationToken cancellationToken)
    {
        if (
            await deliveries.FindAsync(site, id, cancellationToken) is not { } delivery
            || await ReadAsync(delivery, cancellationToken) is not { } changes)
            return new WebhookCommandResult(0, 0);
        await put(changes.Select(change => InboxItemEntity.For(site, change, id, named, changes.Count)));
        await SettleAsync(delivery, changes, cancellationToken);
        return new WebhookCommandResult(1, changes.Count);
    }

    // A word that this version of the app knows, and an earlier one did not.
    private Task SettleAsync(DeliveryEntity delivery, IReadOnlyCollection<WebhookChange> changes, CancellationToken cancellationToken)
        => delivery.IsNotUnderstood && changes.Count > 0
            ? deliveries.SettleAsync(delivery.Site, delivery.RowKey, cancellationToken)
            : Task.CompletedTask;

    /// <summary>What a delivery named; null if its body is no longer kept.</summary>
    private async Task<IReadOnlyCollection<WebhookChange>?> ReadAsync(DeliveryEntity delivery, CancellationToken cancellationToken)
        => await deliveries.ReadBodyAsync(delivery, cancellationToken) is { } body
            ? WebhookParser.Parse(Enum.Parse<WebhookFeed>(delivery.Feed), new(body), WebhookParser.AnyNumber).Changes
            : null;
}
