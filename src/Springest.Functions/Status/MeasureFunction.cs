using Azure;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Hosting;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>Measures once a minute how the app stands. The host has one instance do so for all.</summary>
public sealed class MeasureFunction(
    StatusReader reader,
    TodoBoard board,
    AppFaults faults,
    StatusMetrics metrics,
    TodoMetrics todo,
    StoppableWork work)
{
    internal const string Name = "Measure";

    [Function(Name)]
    public Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync(
            async (stop, _) =>
            {
                StatusReport report;
                try
                {
                    report = await reader.ReadAsync(stop);
                }
                // What a person then has to know is which functions fail, this one among them.
                catch (Exception) when (!stop.IsCancellationRequested)
                {
                    await RecordFaultsAsync(stop);
                    throw;
                }

                metrics.Record(report);
                todo.Record(report.Attention);
                await board.KeepAsync(report, stop);
            },
            cancellationToken);

    // That they cannot be told either is no news.
    private async Task RecordFaultsAsync(CancellationToken stop)
    {
        try
        {
            todo.RecordPart(await faults.ListAsync(stop));
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
        }
    }
}
