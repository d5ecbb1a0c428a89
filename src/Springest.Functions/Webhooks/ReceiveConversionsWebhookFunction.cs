using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Webhooks;

/// <summary>Where Springest posts the changes of conversions (docs/springest-api.md, section 9.3). Experimental.</summary>
public sealed class ReceiveConversionsWebhookFunction(WebhookIntake intake, WebhookMetrics metrics)
{
    /// <summary>Bound to every method, so that a wrong one is told so.</summary>
    [Function("ReceiveConversionsWebhook")]
    public Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "webhooks/{site}/conversions")] HttpRequestData request, string site)
        => WebhookAnswers.ReceiveAsync(request, WebhookFeed.Conversions, metrics, cancellationToken
            => intake.ReceiveAsync(WebhookFeed.Conversions, site, request.Body, request.Headers, cancellationToken));
}
