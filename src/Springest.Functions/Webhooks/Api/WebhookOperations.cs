using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Springest.Functions.Http;
using Springest.Functions.Sites;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;
using Springest.Functions.Webhooks.Processing;

namespace Springest.Functions.Webhooks.Api;

/// <summary>What an operator can do about webhooks: look at deliveries, replay them, and decide about what was given up.</summary>
public sealed class WebhookOperations(
    DeliveryStore deliveries, WebhookInbox inbox, WebhookReplayer replayer, DeleteGuard guard,
    SpringestClients clients, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int MostListed = 1000;
    private const int MostNamed = 100;

    /// <summary>Deliveries of a span of time, the latest first; of today and yesterday if it is not given.</summary>
    public async Task<Page<DeliveryView>> ListAsync(
        string site, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
        => new(await Span(Known(site), from, to, cancellationToken).Take(MostListed)
            .Select(DeliveryView.Of).ToListAsync(cancellationToken));

    /// <summary>A delivery with its body, and what became of what it names.</summary>
    public async Task<DeliveryView> LookAsync(string site, string id, CancellationToken cancellationToken)
    {
        site = Known(site);
        var delivery = await FindAsync(site, id, cancellationToken);
        if (await deliveries.ReadBodyAsync(delivery, cancellationToken) is not { } json)
            return DeliveryView.Of(delivery);
        var content = WebhookParser.Parse(Enum.Parse<WebhookFeed>(delivery.Feed), new(json), WebhookParser.AnyNumber);
        var whole = await inbox.FindAsync(site, InboxItemEntity.KeyOfBundle(delivery), cancellationToken);
        var named = await Task.WhenAll(content.Changes.Take(MostNamed).Select(async change => WebhookItemStatus.Of(
            change, whole ?? await inbox.FindAsync(site, InboxItemEntity.KeyOf(change), cancellationToken))));
        return DeliveryView.Of(delivery) with { Named = named, Body = JsonElement.Parse(json.Span) };
    }

    /// <summary>Puts what a delivery named in the inbox again.</summary>
    public async Task<WebhookCommandResult> ReplayAsync(string site, string id, CancellationToken cancellationToken)
    {
        site = Known(site);
        var delivery = await FindAsync(site, id, cancellationToken);
        return await replayer.ReplayAsync(site, delivery.RowKey, cancellationToken);
    }

    /// <summary>Puts what the deliveries of a span of time named in the inbox again, each object once.</summary>
    public Task<WebhookCommandResult> ReplayAsync(
        string site, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        if (from is null)
            throw new WebhookProblemException(HttpStatusCode.BadRequest, "Say from when on: from=2026-11-21T08:00Z, and if need be to=.");
        var (first, last) = Bounds(from, to);
        return replayer.ReplayAsync(Known(site), first, last, options.Value.LeaseDuration, cancellationToken);
    }

    /// <summary>
    /// Takes back what a delivery named and what it led to, as far as nobody else has named it since. If it was not understood, neither it
    /// nor those before it wait for a person any more.
    /// </summary>
    public async Task<WebhookCommandResult> DiscardDeliveryAsync(string site, string id, CancellationToken cancellationToken)
    {
        site = Known(site);
        var delivery = await FindAsync(site, id, cancellationToken);
        if (delivery.IsNotUnderstood)
            await deliveries.SettleAllAsync(site, delivery.RowKey, cancellationToken);
        // What came together is one row for now. If a worker claims it meanwhile, it is not removed: try again.
        while (await inbox.FindAsync(site, InboxItemEntity.KeyOfBundle(delivery), cancellationToken) is { Bundled: not null } bundle)
        {
            await inbox.UnbundleAsync([bundle], TimeSpan.Zero, cancellationToken);
            await inbox.RemoveAsync(bundle, cancellationToken);
        }

        return new WebhookCommandResult(1, await inbox.DiscardNamedAsync(site, delivery.RowKey, cancellationToken));
    }

    /// <summary>Lets the held deletes of a resource go ahead.</summary>
    public async Task<WebhookCommandResult> ReleaseDeletesAsync(string site, string resource, CancellationToken cancellationToken)
    {
        site = Known(site);
        var hold = await guard.EndAsync(site, resource, goAhead: true, cancellationToken) ?? throw NoHold();
        return new WebhookCommandResult(0, await inbox.ListHeldAsync(site, hold.RowKey, cancellationToken).CountAsync(cancellationToken));
    }

    /// <summary>Discards the held deletes of a resource.</summary>
    public async Task<WebhookCommandResult> DiscardDeletesAsync(string site, string resource, CancellationToken cancellationToken)
    {
        site = Known(site);
        var hold = (await guard.ListAsync(site, cancellationToken))
            .Find(row => row.RowKey.Equals(resource, StringComparison.OrdinalIgnoreCase)) ?? throw NoHold();
        var discarded = await inbox.DiscardAsync(inbox.ListHeldAsync(site, hold.RowKey, cancellationToken), cancellationToken);
        await guard.EndAsync(site, resource, goAhead: false, cancellationToken);
        return new WebhookCommandResult(0, discarded);
    }

    /// <summary>What was dead-lettered, with the reasons.</summary>
    public async Task<Page<DeadLetter>> ListDeadLettersAsync(string site, CancellationToken cancellationToken)
        => new(
            await inbox
                .ListDeadLettersAsync(Known(site), cancellationToken)
                .Take(MostListed)
                .Select(DeadLetter.Of)
                .ToListAsync(cancellationToken));

    /// <summary>Has a dead-lettered object read again.</summary>
    public async Task<WebhookCommandResult> RetryAsync(string site, string key, CancellationToken cancellationToken)
        => await inbox.RetryAsync(Known(site), key, cancellationToken) ? new WebhookCommandResult(0, 1) : throw NoDeadLetter();

    /// <summary>Discards a dead-lettered object.</summary>
    public async Task<WebhookCommandResult> DiscardAsync(string site, string key, CancellationToken cancellationToken)
        => await inbox.DiscardAsync(Known(site), key, cancellationToken) ? new WebhookCommandResult(0, 0) : throw NoDeadLetter();

    private IAsyncEnumerable<DeliveryEntity> Span(
        string site,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken)
    {
        var (first, last) = Bounds(from, to);
        return from is null && to is null ? deliveries.ListLatestAsync(site, cancellationToken)
            : deliveries.ListAsync(site, first, last, cancellationToken);
    }

    private (DateTimeOffset First, DateTimeOffset Last) Bounds(DateTimeOffset? from, DateTimeOffset? to)
    {
        var now = time.GetUtcNow();
        var first = now - options.Value.KeepFor - TimeSpan.FromDays(1);
        return (from > first ? from.Value : first, to < now ? to.Value : now);
    }

    private async Task<DeliveryEntity> FindAsync(string site, string id, CancellationToken cancellationToken)
        => await deliveries.FindAsync(site, id, cancellationToken)
            ?? throw new WebhookProblemException(HttpStatusCode.NotFound, "There is no such delivery, or it is no longer kept.");

    private string Known(string site)
        => clients.Find(site) ?? throw new WebhookProblemException(HttpStatusCode.NotFound, clients.Unknown(site));

    private static WebhookProblemException NoHold() => new(HttpStatusCode.NotFound, "No deletes of this resource are held.");

    private static WebhookProblemException NoDeadLetter() => new(HttpStatusCode.NotFound, "No such object was given up.");
}
