using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Webhooks;

/// <summary>Takes up what webhooks named and what was not applied at once.</summary>
public sealed class ApplyWebhooksFunction(WebhookApplier applier)
{
    [Function("ApplyWebhooks")]
    public Task RunAsync([TimerTrigger("%Springest:Webhooks:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => applier.ApplyDueAsync(cancellationToken);
}
