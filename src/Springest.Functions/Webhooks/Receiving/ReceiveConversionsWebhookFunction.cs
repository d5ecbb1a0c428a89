using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Receiving;

/// <summary>Where Springest posts the changes of conversions (docs/springest-api.md, section 9.3). Experimental.</summary>
public sealed class ReceiveConversionsWebhookFunction(WebhookReceiver receiver)
{
    /// <summary>Bound to every method, so that a wrong one is told so.</summary>
    [Function("ReceiveConversionsWebhook")]
    [Public("The host asks for its function key.")]
    [ProducesResponseType<WebhookReceipt>(StatusCodes.Status200OK)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "webhooks/{site}/conversions")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => receiver.ReceiveAsync(request, WebhookFeed.Conversions, site, cancellationToken);
}
