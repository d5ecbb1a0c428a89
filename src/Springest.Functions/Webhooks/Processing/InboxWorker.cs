using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Sites;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Empties the inbox: decides which rows are worked on, how many at once, and for how long.</summary>
public sealed class InboxWorker(
    WebhookInbox inbox,
    InboxItemWorker items,
    ObjectReader reader,
    DeleteGuard guard,
    SpringestClients clients,
    QuotaLimiterRegistry quota,
    IOptions<WebhookOptions> options,
    TimeProvider time)
{
    // What an object that was made up costs at most: it is asked for, then another one, which must be found, and then it again.
    private const int MostRequests = 3;

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
    ) => RunAsync(
        rows.ToAsyncEnumerable(), ObjectReader.Imports(rows), budget, (row, token) => items.WorkAsync(row, stop, token), done, stop,
        cancellationToken);

    /// <summary>
    /// Works on those of the rows that nobody has replaced since, and on what bundles stand for, telling of each one that is done. What
    /// deliveries of very many objects named is left to the timer, which leaves quota to the others.
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
            var unbundled = await inbox.UnbundleAsync([.. site], 2 * _options.InlineBudget, CancellationToken.None);
            await Task.WhenAll(site.Select(bundle => inbox.RemoveAsync(bundle, CancellationToken.None)));
            var claimed = unbundled.Where(row => !row.IsBulk).ToList();
            await ApplyClaimedAsync(claimed, budget - time.GetElapsedTime(start), done, stop, cancellationToken);
        }

        var single = rows.Where(row => !row.IsBundle).ToList();
        await RunAsync(
            single.ToAsyncEnumerable(),
            ObjectReader.Imports(single),
            budget - time.GetElapsedTime(start),
            (row, token) => items.ClaimAndWorkAsync(row, stop, token),
            done,
            stop,
            cancellationToken);
    }

    private async Task ApplyDueAsync(string site, CancellationToken stop, CancellationToken cancellationToken)
    {
        // Most runs find nothing, and need not know more.
        if (!await inbox.HasDueAsync(site, cancellationToken))
            return;
        var start = time.GetTimestamp();
        var held = (await guard.ListAsync(site, cancellationToken)).Select(hold => hold.RowKey).ToList();
        // Bundles first, so that what several name is read once.
        var bundles = inbox.ListDueAsync(site, WebhookObject.Bundle, cancellationToken);
        await WorkOnAsync(bundles, FrozenSet<(string, long)>.Empty);
        var imports = ObjectReader.Imports(
            await inbox.ListDueAsync(site, WebhookObject.Import, cancellationToken).ToListAsync(cancellationToken));
        await WorkOnAsync(inbox.ListDueAsync(site, isBulk: false, held, cancellationToken), imports);
        var bulk = inbox.ListDueAsync(site, isBulk: true, held, cancellationToken);
        await WorkOnAsync(LeavingQuotaAsync(site, bulk, cancellationToken), imports);

        Task WorkOnAsync(IAsyncEnumerable<InboxItemEntity> rows, IReadOnlySet<(string Site, long Id)> covering)
            => RunAsync(
                rows, covering, _options.TimerBudget - time.GetElapsedTime(start),
                (row, token) => items.ClaimAndWorkAsync(row, stop, token), null, stop, cancellationToken);
    }

    // However many objects somebody makes up, a tenth of the limit is left to what is named otherwise.
    private async IAsyncEnumerable<InboxItemEntity> LeavingQuotaAsync(
        string site, IAsyncEnumerable<InboxItemEntity> bulk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int? left = null;
        await foreach (var row in bulk.WithCancellation(cancellationToken))
        {
            left ??= await CountBulkAsync(site, cancellationToken);
            if (left-- <= 0)
                yield break;
            yield return row;
        }
    }

    private async Task<int> CountBulkAsync(string site, CancellationToken cancellationToken)
    {
        var status = (await quota.ReadStatusAsync(site, cancellationToken))[0];
        return Math.Max(0, status.Left[QuotaClass.Webhook] - (status.Limit / 10)) / MostRequests;
    }

    // Several at once, those left out that the imports among them read. Without quota, when the time is up, or at the word to stop, no
    // further row is begun; those begun are finished.
    private async Task RunAsync(
        IAsyncEnumerable<InboxItemEntity> rows,
        IReadOnlySet<(string Site, long Id)> imports,
        TimeSpan budget,
        Func<InboxItemEntity, CancellationToken, Task<ItemOutcome>> work,
        Action<InboxItemEntity>? done,
        CancellationToken stop,
        CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var outOfQuota = false;
        await Parallel.ForEachAsync(
            rows.TakeWhile(_ => !Volatile.Read(ref outOfQuota) && !stop.IsCancellationRequested && time.GetElapsedTime(start) < budget)
                .Where(async (row, token) => !await reader.IsCoveredAsync(imports, row, token)),
            new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                var outcome = await work(row, token);
                if (outcome is ItemOutcome.Done)
                    done?.Invoke(row);
                if (outcome is ItemOutcome.OutOfQuota)
                    Volatile.Write(ref outOfQuota, true);
            });
    }
}
