using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Takes up what webhooks named and what was not applied at once.</summary>
public sealed class ApplyWebhooksFunction(InboxWorker worker, StoppableWork work)
{
    [Function("ApplyWebhooks")]
    public Task RunAsync([TimerTrigger("%Springest:Webhooks:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync(worker.ApplyDueAsync, cancellationToken);
}
