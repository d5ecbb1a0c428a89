using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Webhooks;

/// <summary>Where Springest posts the changes of trainings and institutes (docs/springest-api.md, sections 9.1 and 9.2).</summary>
public sealed class ReceiveTrainingsWebhookFunction(WebhookIntake intake, WebhookMetrics metrics)
{
    /// <summary>Bound to every method, so that a wrong one is told so.</summary>
    [Function("ReceiveTrainingsWebhook")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "webhooks/{site}/trainings")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
        => WebhookAnswers.ReceiveAsync(request, WebhookFeed.Trainings, site, intake, metrics, cancellationToken);
}
