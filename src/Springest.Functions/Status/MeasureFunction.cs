using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Status;

/// <summary>Measures once a minute how the app stands. The host has one instance do so for all.</summary>
public sealed class MeasureFunction(StatusReader reader, StatusMetrics metrics)
{
    [Function("Measure")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => metrics.Record(await reader.ReadAsync(cancellationToken));
}
