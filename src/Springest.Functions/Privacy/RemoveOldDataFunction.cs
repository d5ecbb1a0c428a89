using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Springest.Functions.Hosting;

namespace Springest.Functions.Privacy;

/// <summary>Time to go on with erasures, and to remove what is older than it is to be kept.</summary>
public sealed class RemoveOldDataFunction(
    Erasures erasures, RetentionRun retention, IOptions<PrivacyOptions> options, StoppableWork work, TimeProvider clock)
{
    [Function("RemoveOldData")]
    public Task RunAsync([TimerTrigger("%Springest:Privacy:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => work.RunAsync((stop, _) => RunWithinBudgetAsync(stop), cancellationToken);

    // Half of the time each, so that a long search keeps nothing from being removed.
    private async Task RunWithinBudgetAsync(CancellationToken stop)
    {
        await WithinAsync(retention.RunAsync, stop);
        await WithinAsync(erasures.ContinueAsync, stop);
    }

    private async Task WithinAsync(Func<CancellationToken, Task> run, CancellationToken stop)
    {
        using var time = new CancellationTokenSource(options.Value.Budget / 2, clock);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
        try
        {
            await run(budget.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            // The next run goes on.
        }
    }
}
