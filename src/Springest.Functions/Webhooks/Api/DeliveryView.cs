using System.Text.Json;
using System.Text.Json.Serialization;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Api;

/// <summary>A delivery as an operator sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Feed">Where it came to, a <see cref="WebhookFeed"/>.</param>
/// <param name="Received">When it came.</param>
/// <param name="Bytes">Size of the body.</param>
/// <param name="Accepted">Changes taken.</param>
/// <param name="Ignored">Changes that meant nothing to us.</param>
/// <param name="Objects">The different objects among the accepted.</param>
/// <param name="OtherUrls">Accepted changes whose url leads elsewhere than to what they name. It is not followed.</param>
/// <param name="Named">What became of the objects that it names, or the first hundred of them, if one delivery was asked for.</param>
/// <param name="Body">The body, if one delivery was asked for and it is still kept.</param>
public sealed record DeliveryView(
    string Id, string Feed, DateTimeOffset Received, int Bytes, int Accepted, int Ignored, int Objects, int OtherUrls,
    IReadOnlyList<WebhookItemStatus>? Named, [property: JsonConverter(typeof(BodyConverter))] JsonElement? Body)
{
    internal static DeliveryView Of(DeliveryEntity delivery)
        => new(
            delivery.RowKey,
            delivery.Feed,
            delivery.Received,
            delivery.Bytes,
            delivery.Accepted,
            delivery.Ignored,
            delivery.Objects,
            delivery.OtherUrls,
            null,
            null);
}
