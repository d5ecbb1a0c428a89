using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>
/// Works on one row of the inbox: has its object read and applied to the mirror, and then removes the row, puts it back, or notes the
/// failure.
/// </summary>
public sealed partial class InboxItemWorker(
    WebhookInbox inbox, ObjectReader reader, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider time,
    ILogger<InboxItemWorker> logger)
{
    private readonly WebhookOptions _options = options.Value;

    /// <summary>Works on a row if nobody else has it.</summary>
    internal async Task<ItemOutcome> ClaimAndWorkAsync(InboxItemEntity row, CancellationToken stop, CancellationToken cancellationToken)
        => await inbox.ClaimAsync(row, CancellationToken.None)
            ? Measured(row, await TryWorkAsync(row, stop, cancellationToken))
            : Measured(row, ItemOutcome.NotOurs);

    /// <summary>Works on a row that was written as claimed, which is its first attempt.</summary>
    /// <param name="row">The row.</param>
    /// <param name="stop">Has long work begin nothing more.</param>
    /// <param name="cancellationToken">Has the row put back.</param>
    internal async Task<ItemOutcome> WorkAsync(InboxItemEntity row, CancellationToken stop, CancellationToken cancellationToken)
    {
        // Rows are stored as claimed before anything works on them. An attempt counts only when the work begins.
        row.Attempts++;
        return Measured(row, await TryWorkAsync(row, stop, cancellationToken));
    }

    private async Task<ItemOutcome> TryWorkAsync(InboxItemEntity row, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            if (await RenewAndReadAsync(row, stop, cancellationToken))
            {
                await inbox.RemoveAsync(row, cancellationToken);
                return ItemOutcome.Done;
            }

            var isHeld = row.HeldBy.Length > 0;
            // A held one is left out of what is due for as long as the hold lasts.
            await inbox.PutBackAsync(row, isHeld ? TimeSpan.Zero : DeleteGuard.Confirmation, cancellationToken);
            return isHeld ? ItemOutcome.Held : ItemOutcome.Unconfirmed;
        }
        catch (InboxItemDroppedException)
        {
            return ItemOutcome.NotOurs;
        }
        catch (SpringestException exception) when (exception.RateLimited || exception.OverServerRate)
        {
            await inbox.PutBackAsync(row, Bounded(exception.RetryAfter) ?? _options.RetryDelay, cancellationToken);
            return ItemOutcome.OutOfQuota;
        }
        // For whoever comes next, at once.
        catch (OperationCanceledException) when (stop.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            await inbox.PutBackAsync(row, TimeSpan.Zero, CancellationToken.None);
            return ItemOutcome.PutDown;
        }
        // Whatever goes wrong with one object is noted with it, and must not keep the others waiting.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await inbox.FailAsync(row, exception.Message, Bounded((exception as SpringestException)?.RetryAfter), cancellationToken);
            if (row.DeadLettered)
                Log.DeadLettered(logger, row.PartitionKey, row.RowKey, row.Attempts, exception);
            else
                Log.Failed(logger, row.PartitionKey, row.RowKey, row.Attempts, exception);
            return ItemOutcome.Failed;
        }
    }

    private async Task<bool> RenewAndReadAsync(InboxItemEntity row, CancellationToken stop, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource();
        var renewing = RenewAsync(row, end.Token);
        try
        {
            return await reader.ReadAsync(row, stop, cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await renewing;
        }
    }

    // Keeps the claim while the work goes on, until the work ends or the object is named again.
    private async Task RenewAsync(InboxItemEntity row, CancellationToken end)
    {
        try
        {
            do
            {
                var left = row.NextAttempt - time.GetUtcNow();
                await Task.Delay(left > TimeSpan.Zero ? left / 2 : TimeSpan.Zero, time, end);
            }
            // Not cut off by the end: whether it was written decides which token is ours.
            while (await inbox.RenewAsync(row, CancellationToken.None));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    private ItemOutcome Measured(InboxItemEntity row, ItemOutcome outcome)
    {
        metrics.Worked(row.PartitionKey, row.DeadLettered ? nameof(row.DeadLettered) : outcome.ToString());
        return outcome;
    }

    // A server may ask for any pause.
    private TimeSpan? Bounded(TimeSpan? wait) => wait > _options.MaxRetryDelay ? _options.MaxRetryDelay : wait;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Site} {Row} could not be applied (attempt {Attempt}); it stays in the inbox.")]
        public static partial void Failed(ILogger logger, string site, string row, int attempt, Exception exception);

        [LoggerMessage(LogLevel.Error, "Dead-lettered {Row} of {Site} after {Attempts} attempts.")]
        public static partial void DeadLettered(ILogger logger, string site, string row, int attempts, Exception exception);
    }
}

/// <summary>How the work on a row ended.</summary>
internal enum ItemOutcome
{
    Done,
    NotOurs,
    OutOfQuota,
    PutDown,
    Failed,

    /// <summary>It is gone; as it was said to be updated, that is to be seen once more.</summary>
    Unconfirmed,

    /// <summary>It is gone, but deletes are held.</summary>
    Held,
}
