using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Certificates;
using Springest.Functions.Hosting;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>Measures once a minute how the app stands. The host has one instance do so for all.</summary>
public sealed class MeasureFunction(
    StatusReader reader,
    TodoBoard board,
    CertificateBacklog backlog,
    StatusMetrics metrics,
    StoppableWork work,
    TimeProvider time)
{
    [Function("Measure")]
    public Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync(
            async (stop, _) =>
            {
                var report = await reader.ReadAsync(stop);
                metrics.Record(report);
                await board.KeepAsync(report, stop);
                metrics.Record(await backlog.ReadOldestAsync(stop), time.GetUtcNow());
                metrics.RecordPoisoned(await backlog.CountPoisonedAsync(stop));
            },
            cancellationToken);
}
