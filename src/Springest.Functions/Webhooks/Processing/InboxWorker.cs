using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Quota;
using Springest.Functions.Sites;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Empties the inbox: reads each object again, applies it to the mirror, and removes its row.</summary>
public sealed partial class InboxWorker(
    WebhookInbox inbox,
    DeliveryStore deliveries,
    WebhookReplayer replayer,
    InstituteImport institutes,
    CatalogueMirror mirror,
    ConversionStore conversions,
    SpringestClients clients,
    IOptions<WebhookOptions> options,
    WebhookMetrics metrics,
    TimeProvider time,
    ILogger<InboxWorker> logger)
{
    private readonly WebhookOptions _options = options.Value;

    /// <summary>Works on what is due, of all sites at once, until nothing is left or the timer's budget is used up.</summary>
    /// <param name="stop">Has it begin no further row.</param>
    /// <param name="cancellationToken">Has it put back the rows that it is at.</param>
    public Task ApplyDueAsync(CancellationToken stop, CancellationToken cancellationToken)
        => Task.WhenAll(clients.Sites.Select(site => ApplyDueAsync(site, stop, cancellationToken)));

    /// <summary>Works on rows that are claimed already, telling of each one that is done.</summary>
    public Task ApplyClaimedAsync(
        IReadOnlyCollection<InboxItemEntity> rows,
        TimeSpan budget,
        Action<InboxItemEntity> done,
        CancellationToken stop,
        CancellationToken cancellationToken
    ) => RunAsync(rows.ToAsyncEnumerable(), InstituteImport.Imports(rows), budget, WorkAsync, done, stop, cancellationToken);

    /// <summary>
    /// Works on those of the rows that nobody has replaced since, and on all that bundles stand for, telling of each one that is done.
    /// </summary>
    public async Task ApplyNamedAsync(
        IReadOnlyCollection<InboxItemEntity> rows,
        TimeSpan budget,
        Action<InboxItemEntity> done,
        CancellationToken stop,
        CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        foreach (var site in rows.Where(row => row.IsBundle).GroupBy(row => row.PartitionKey))
        {
            var claimed = await inbox.UnbundleAsync([.. site], 2 * _options.InlineBudget, CancellationToken.None);
            await Task.WhenAll(site.Select(bundle => inbox.RemoveAsync(bundle, CancellationToken.None)));
            await ApplyClaimedAsync(claimed, budget - time.GetElapsedTime(start), done, stop, cancellationToken);
        }

        var single = rows.Where(row => !row.IsBundle).ToList();
        await RunAsync(
            single.ToAsyncEnumerable(),
            InstituteImport.Imports(single),
            budget - time.GetElapsedTime(start),
            ClaimAndWorkAsync,
            done,
            stop,
            cancellationToken);
    }

    private async Task ApplyDueAsync(string site, CancellationToken stop, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        // Bundles first, so that what several name is read once.
        var bundles = inbox.ListDueAsync(site, WebhookObject.Bundle, cancellationToken);
        await RunAsync(bundles, FrozenSet<(string, long)>.Empty, _options.TimerBudget, ClaimAndWorkAsync, null, stop, cancellationToken);
        var imports = InstituteImport.Imports(
            await inbox.ListDueAsync(site, WebhookObject.Import, cancellationToken).ToListAsync(cancellationToken));
        var rows = inbox.ListDueAsync(site, cancellationToken);
        await RunAsync(rows, imports, _options.TimerBudget - time.GetElapsedTime(start), ClaimAndWorkAsync, null, stop, cancellationToken);
        await deliveries.RemoveBeforeAsync(site, time.GetUtcNow() - _options.KeepFor, stop);
    }

    // Several at once, those left out that the imports among them read. Without quota, when the time is up, or at the word to stop, no
    // further row is begun; those begun are finished.
    private async Task RunAsync(
        IAsyncEnumerable<InboxItemEntity> rows,
        IReadOnlySet<(string Site, long Id)> imports,
        TimeSpan budget,
        Func<InboxItemEntity, CancellationToken, Task<Outcome>> work,
        Action<InboxItemEntity>? done,
        CancellationToken stop,
        CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var outOfQuota = false;
        await Parallel.ForEachAsync(
            rows.TakeWhile(_ => !Volatile.Read(ref outOfQuota) && !stop.IsCancellationRequested && time.GetElapsedTime(start) < budget)
                .Where(async (row, token) => !await institutes.CoverAsync(imports, row, token)),
            new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                var outcome = await work(row, token);
                metrics.Worked(row.PartitionKey, row.DeadLettered ? nameof(row.DeadLettered) : outcome.ToString());
                if (outcome is Outcome.Done)
                    done?.Invoke(row);
                if (outcome is Outcome.OutOfQuota)
                    Volatile.Write(ref outOfQuota, true);
            });
    }

    private async Task<Outcome> ClaimAndWorkAsync(InboxItemEntity row, CancellationToken cancellationToken)
        => await inbox.ClaimAsync(row, CancellationToken.None) ? await WorkAsync(row, cancellationToken) : Outcome.NotOurs;

    private async Task<Outcome> WorkAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await HoldAndReadAgainAsync(row, cancellationToken);
            await inbox.RemoveAsync(row, cancellationToken);
            return Outcome.Done;
        }
        catch (SpringestException exception) when (exception.RateLimited || exception.OverServerRate)
        {
            await inbox.PutBackAsync(row, exception.RetryAfter ?? _options.RetryDelay, cancellationToken);
            return Outcome.OutOfQuota;
        }
        // For whoever comes next, at once.
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await inbox.PutBackAsync(row, TimeSpan.Zero, CancellationToken.None);
            return Outcome.PutDown;
        }
        // Whatever goes wrong with one object is noted with it, and must not keep the others waiting.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await inbox.FailAsync(row, exception.Message, (exception as SpringestException)?.RetryAfter, cancellationToken);
            if (row.DeadLettered)
                Log.DeadLettered(logger, row.PartitionKey, row.RowKey, row.Attempts, exception);
            else
                Log.Failed(logger, row.PartitionKey, row.RowKey, row.Attempts, exception);
            return Outcome.Failed;
        }
    }

    private async Task HoldAndReadAgainAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        var holding = inbox.HoldAsync(row, stop.Token);
        try
        {
            await ReadAgainAsync(row, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await holding;
        }
    }

    private Task ReadAgainAsync(InboxItemEntity row, CancellationToken cancellationToken) => row.Subject() switch
    {
        // Whatever was said of it: a webhook is a hint, never proof.
        (WebhookObject.Training, var id) => mirror.RefreshAsync(
            row.PartitionKey, Trainings.Description, id, ChangeSource.Webhook, QuotaClass.Webhook, cancellationToken),
        (WebhookObject.Institute, var id) => institutes.ReadAgainAsync(row, id, cancellationToken),
        (WebhookObject.Import, var id) => institutes.ImportAsync(row, id, cancellationToken),
        (WebhookObject.Conversion, var id) => conversions.RefreshAsync(row.PartitionKey, id, cancellationToken),
        _ when row.Bundled is not null => inbox.UnbundleAsync([row], TimeSpan.Zero, cancellationToken),
        _ => replayer.ReplayAsync(row.PartitionKey, row.Delivery, cancellationToken),
    };

    private enum Outcome
    {
        Done,
        NotOurs,
        OutOfQuota,
        PutDown,
        Failed,
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Site} {Row} could not be applied (attempt {Attempt}); it stays in the inbox.")]
        public static partial void Failed(ILogger logger, string site, string row, int attempt, Exception exception);

        [LoggerMessage(LogLevel.Error, "Dead-lettered {Row} of {Site} after {Attempts} attempts.")]
        public static partial void DeadLettered(ILogger logger, string site, string row, int attempts, Exception exception);
    }
}
