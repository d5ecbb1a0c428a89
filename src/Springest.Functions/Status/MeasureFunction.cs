using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;

namespace Springest.Functions.Status;

/// <summary>Measures once a minute how the app stands. The host has one instance do so for all.</summary>
public sealed class MeasureFunction(StatusReader reader, StatusMetrics metrics, StoppableWork work)
{
    [Function("Measure")]
    public Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync(async (stop, _) => metrics.Record(await reader.ReadAsync(stop)), cancellationToken);
}
