using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Springest.Functions.Sites;

namespace Springest.Functions.Webhooks;

/// <summary>What an operator can do about webhooks: look at deliveries, replay them, and decide about what was given up.</summary>
public sealed class WebhookOperations(
    WebhookDeliveries deliveries, WebhookInbox inbox, WebhookReplayer replayer, SpringestClients clients,
    IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int MostListed = 1000;
    private const int MostNamed = 100;

    /// <summary>Deliveries of a span of time, the latest first; of today and yesterday if it is not given.</summary>
    public async Task<IReadOnlyList<WebhookDeliveryView>> ListAsync(
        string site, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
        => await Span(Known(site), from, to, cancellationToken).Take(MostListed)
            .Select(WebhookDeliveryView.Of).ToListAsync(cancellationToken);

    /// <summary>A delivery with its body, and what became of what it names.</summary>
    public async Task<WebhookDeliveryView> LookAsync(string site, string id, CancellationToken cancellationToken)
    {
        site = Known(site);
        var delivery = await FindAsync(site, id, cancellationToken);
        if (await deliveries.ReadBodyAsync(delivery, cancellationToken) is not { } json)
            return WebhookDeliveryView.Of(delivery);
        var content = WebhookParser.Parse(Enum.Parse<WebhookFeed>(delivery.Feed), new(json), WebhookParser.AnyNumber);
        var whole = await inbox.FindAsync(site, WebhookInboxEntity.KeyOfBundle(delivery), cancellationToken);
        var named = await Task.WhenAll(content.Changes.Take(MostNamed).Select(async change => WebhookNamed.Of(
            change, whole ?? await inbox.FindAsync(site, WebhookInboxEntity.KeyOf(change), cancellationToken))));
        return WebhookDeliveryView.Of(delivery) with { Named = named, Body = JsonElement.Parse(json.Span) };
    }

    /// <summary>Puts what a delivery named in the inbox again.</summary>
    public async Task<WebhookReplay> ReplayAsync(string site, string id, CancellationToken cancellationToken)
    {
        site = Known(site);
        var delivery = await FindAsync(site, id, cancellationToken);
        return await replayer.ReplayAsync(site, delivery.RowKey, cancellationToken);
    }

    /// <summary>Puts what the deliveries of a span of time named in the inbox again, each object once.</summary>
    public Task<WebhookReplay> ReplayAsync(string site, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        if (from is null)
            throw new WebhookRefusedException(HttpStatusCode.BadRequest, "Say from when on: from=2026-11-21T08:00Z, and if need be to=.");
        site = Known(site);
        return replayer.ReplayAsync(site, Span(site, from, to, cancellationToken), cancellationToken);
    }

    /// <summary>What was given up, with the reasons.</summary>
    public async Task<IReadOnlyList<WebhookGivenUp>> ListGivenUpAsync(string site, CancellationToken cancellationToken)
        => await inbox.ListGivenUpAsync(Known(site), cancellationToken).Take(MostListed).Select(WebhookGivenUp.Of).ToListAsync(cancellationToken);

    /// <summary>Has an object that was given up read again.</summary>
    public async Task<WebhookReplay> RetryAsync(string site, string key, CancellationToken cancellationToken)
        => await inbox.RetryAsync(Known(site), key, cancellationToken) ? new WebhookReplay(0, 1) : throw NotGivenUp();

    /// <summary>Drops an object that was given up.</summary>
    public async Task<WebhookReplay> DropAsync(string site, string key, CancellationToken cancellationToken)
        => await inbox.DropAsync(Known(site), key, cancellationToken) ? new WebhookReplay(0, 0) : throw NotGivenUp();

    private IAsyncEnumerable<WebhookDeliveryEntity> Span(string site, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var first = now - options.Value.KeepFor - TimeSpan.FromDays(1);
        return from is null && to is null ? deliveries.ListLatestAsync(site, cancellationToken)
            : deliveries.ListAsync(site, from > first ? from.Value : first, to < now ? to.Value : now, cancellationToken);
    }

    private async Task<WebhookDeliveryEntity> FindAsync(string site, string id, CancellationToken cancellationToken)
        => await deliveries.FindAsync(site, id, cancellationToken)
            ?? throw new WebhookRefusedException(HttpStatusCode.NotFound, "There is no such delivery, or it is no longer kept.");

    private string Known(string site)
        => clients.Sites.FirstOrDefault(name => name.Equals(site, StringComparison.OrdinalIgnoreCase))
            ?? throw new WebhookRefusedException(HttpStatusCode.NotFound, "There is no such site here.");

    private static WebhookRefusedException NotGivenUp() => new(HttpStatusCode.NotFound, "No such object was given up.");
}
