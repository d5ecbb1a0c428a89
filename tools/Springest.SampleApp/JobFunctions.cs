using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Springest.SampleApp;

public sealed class JobFunctions(ILogger<JobFunctions> logger)
{
    [Function("Tick")]
    public void Tick([TimerTrigger("%Sample:Schedule%")] TimerInfo timer)
        => logger.LogJournal($"tick in {Environment.ProcessId}, past due {timer.IsPastDue}, status {timer.ScheduleStatus is not null}");

    [Function("Yearly")]
    public void Yearly([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer)
        => logger.LogJournal($"yearly in {Environment.ProcessId}, last {timer.ScheduleStatus?.Last:O}, past due {timer.IsPastDue}");

    [Function("Long")]
    public async Task LongAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        logger.LogJournal("long begins");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            logger.LogCancelled("Long");
        }
    }

    [Function("Take")]
    public async Task TakeAsync(
        [BlobTrigger("%Sample:Container%/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient blob,
        string name)
    {
        var content = await blob.DownloadContentAsync();
        logger.LogJournal($"took {name}: {content.Value.Content}");
        if (name.Contains("bad", StringComparison.Ordinal))
            throw new InvalidOperationException("A bad blob.");
    }
}
