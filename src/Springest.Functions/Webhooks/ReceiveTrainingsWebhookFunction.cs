using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Webhooks;

/// <summary>Where Springest posts the changes of trainings and institutes (docs/springest-api.md, sections 9.1 and 9.2).</summary>
public sealed class ReceiveTrainingsWebhookFunction(WebhookIntake intake, WebhookMetrics metrics)
{
    /// <summary>Bound to every method, so that a wrong one is told so.</summary>
    [Function("ReceiveTrainingsWebhook")]
    public Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "webhooks/{site}/trainings")] HttpRequestData request, string site)
        => WebhookAnswers.ReceiveAsync(request, WebhookFeed.Trainings, metrics, cancellationToken
            => intake.ReceiveAsync(WebhookFeed.Trainings, site, request.Body, request.Headers, cancellationToken));
}
