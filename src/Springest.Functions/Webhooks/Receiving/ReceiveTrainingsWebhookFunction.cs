using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Receiving;

/// <summary>Where Springest posts the changes of trainings and institutes (docs/springest-api.md, sections 9.1 and 9.2).</summary>
public sealed class ReceiveTrainingsWebhookFunction(WebhookReceiver receiver)
{
    /// <summary>Bound to every method, so that a wrong one is told so.</summary>
    [Function("ReceiveTrainingsWebhook")]
    [Public("The host asks for its function key.")]
    [ProducesResponseType<WebhookReceipt>(StatusCodes.Status200OK)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "webhooks/{site}/trainings")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => receiver.ReceiveAsync(request, WebhookFeed.Trainings, site, cancellationToken);
}
