using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>The work still to do: one row per object, however many webhooks named it.</summary>
public sealed class WebhookInbox(AppStorage storage, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int RowsBetweenSaves = 1000;

    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // What a row keeps when its object is put by an earlier delivery.
    private static readonly string[] Identity =
    [
        nameof(InboxItemEntity.Action), nameof(InboxItemEntity.Delivery), nameof(InboxItemEntity.Named), nameof(InboxItemEntity.IsBulk),
    ];

    private readonly TableClient _table = storage.Table(WebhookStorage.Inbox);
    private readonly WebhookOptions _options = options.Value;

    /// <summary>Writes rows that were named just now over whatever was there, and gives each its new token. Safe to repeat.</summary>
    public Task PutAsync(IEnumerable<InboxItemEntity> rows, CancellationToken cancellationToken)
        => Parallel.ForEachAsync(
            rows.Chunk(InboxItemEntity.MostAtOnce),
            Some(cancellationToken),
            async (chunk, token) =>
            {
                // Most webhooks name one object, for which a transaction is the dearer way.
                if (chunk is [var single])
                    single.ETag = (await _table.UpsertEntityAsync(single, TableUpdateMode.Replace, token)).Headers.ETag.GetValueOrDefault();
                else
                    await TransactAsync(chunk, TableTransactionActionType.UpsertReplace, token);
            });

    /// <summary>
    /// Writes rows of one site that may have been named before others that wait, and gives each its new token. Of an object that a later
    /// delivery named the row is written too, since who is reading the object may have begun too early; but it keeps what that later
    /// delivery said, and belongs to it. Safe to repeat.
    /// </summary>
    public async Task PutEarlierAsync(IEnumerable<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        // Most are new.
        var others = new ConcurrentBag<InboxItemEntity>();
        await Parallel.ForEachAsync(
            rows.Chunk(InboxItemEntity.MostAtOnce),
            Some(cancellationToken),
            async (chunk, token) =>
            {
                if (!await TryAddAsync(chunk, token))
                    Array.ForEach(chunk, others.Add);
            });
        // One by one, since a query would go through all that waits, which may be very much.
        await Parallel.ForEachAsync(
            others,
            Some(cancellationToken),
            async (row, token) =>
            {
                while (!await TryPutEarlierAsync(row, token))
                {
                }
            });
    }

    /// <summary>Puts the rows that a delivery's own bundle stands for, and none any more once the delivery is discarded.</summary>
    /// <exception cref="InboxItemDroppedException">Somebody has taken the bundle out of the inbox.</exception>
    public async Task UnpackAsync(InboxItemEntity bundle, IEnumerable<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var portion in rows.Chunk(RowsBetweenSaves))
        {
            await PutEarlierAsync(portion, cancellationToken);
            try
            {
                await SaveAsync(bundle, cancellationToken);
            }
            // Within the claim only a discard removes the bundle. Later another worker may have unpacked it, and its rows must stay.
            catch (InboxItemDroppedException) when (time.GetUtcNow() < bundle.ClaimedUntil)
            {
                await DiscardNamedAsync(bundle.PartitionKey, bundle.Delivery, cancellationToken);
                throw;
            }
        }
    }

    /// <summary>Puts the rows that bundles of one site stand for, which may then go. Safe to repeat.</summary>
    /// <param name="bundles">The bundles.</param>
    /// <param name="claim">
    /// For how long the rows are claimed; zero claims none. Rows of deliveries that name very many objects are never claimed.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyCollection<InboxItemEntity>> UnbundleAsync(
        IReadOnlyCollection<InboxItemEntity> bundles, TimeSpan claim, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, InboxItemEntity>();
        // The latest last: the ids of deliveries count down in time.
        foreach (var row in bundles.SelectMany(bundle => bundle.Unbundle()).OrderByDescending(row => row.Delivery, StringComparer.Ordinal))
        {
            row.NextAttempt = row.IsBulk ? time.GetUtcNow() : time.GetUtcNow() + claim;
            rows[row.RowKey] = row;
        }

        await PutEarlierAsync(rows.Values, cancellationToken);
        return rows.Values;
    }

    /// <summary>Whether the time of any row of a site has come.</summary>
    public async Task<bool> HasDueAsync(string site, CancellationToken cancellationToken)
        => await _table.QueryAsync<InboxItemEntity>(
                IsDue(site), maxPerPage: 1, select: [nameof(InboxItemEntity.RowKey)], cancellationToken: cancellationToken)
            .AnyAsync(cancellationToken);

    /// <summary>The rows of a site whose time has come, in no particular order.</summary>
    /// <param name="site">The site.</param>
    /// <param name="isBulk">Whether those of deliveries that name very many objects, or the others.</param>
    /// <param name="held">The resources whose deletes are held: the rows of these wait.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<InboxItemEntity> ListDueAsync(
        string site, bool isBulk, IEnumerable<string> held, CancellationToken cancellationToken)
        => _table.QueryAsync<InboxItemEntity>(
            string.Join(" and ", [
                IsDue(site),
                TableClient.CreateQueryFilter($"IsBulk eq {isBulk}"),
                .. held.Select(resource => TableClient.CreateQueryFilter($"HeldBy ne {resource}")),
            ]),
            cancellationToken: cancellationToken);

    /// <summary>The rows of a site that are about one kind of object and whose time has come.</summary>
    public IAsyncEnumerable<InboxItemEntity> ListDueAsync(string site, WebhookObject about, CancellationToken cancellationToken)
    {
        var (first, end) = ($"{about}-", $"{about}.");
        return _table.QueryAsync<InboxItemEntity>(
            IsDue(site) + " and " + TableClient.CreateQueryFilter($"RowKey gt {first} and RowKey lt {end}"),
            cancellationToken: cancellationToken);
    }

    /// <summary>
    /// Counts the rows of a site, as far as <paramref name="most"/>: those that wait, and by themselves the dead-lettered ones, which
    /// however many others must not hide.
    /// </summary>
    public async Task<InboxSummary> SummariseAsync(string site, int most, CancellationToken cancellationToken)
    {
        var (count, waiting, oldest, held) = (0, 0, (DateTimeOffset?)null, new Dictionary<string, int>());
        var deadLettered = ListDeadLettersAsync(site, cancellationToken).Take(most).ToListAsync(cancellationToken).AsTask();
        var rows = _table.QueryAsync<InboxItemEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {site} and DeadLettered eq {false}"),
            select: [nameof(InboxItemEntity.Named), nameof(InboxItemEntity.HeldBy)],
            cancellationToken: cancellationToken);
        await foreach (var row in rows.Take(most))
        {
            count++;
            if (row.HeldBy.Length > 0)
                held[row.HeldBy] = held.GetValueOrDefault(row.HeldBy) + 1;
            else if (++waiting == 1 || row.Named < oldest)
                oldest = row.Named;
        }

        return new InboxSummary(waiting, count == most, oldest, await deadLettered, held);
    }

    /// <summary>The row of this key, or null.</summary>
    public async Task<InboxItemEntity?> FindAsync(string site, string key, CancellationToken cancellationToken)
        => TableClientExtensions.CanBeKey(key) ? await _table.FindAsync<InboxItemEntity>(site, key, cancellationToken) : null;

    /// <summary>The dead-lettered rows of a site.</summary>
    public IAsyncEnumerable<InboxItemEntity> ListDeadLettersAsync(string site, CancellationToken cancellationToken)
        => _table.QueryAsync<InboxItemEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {site} and DeadLettered eq {true}"), cancellationToken: cancellationToken);

    /// <summary>The rows of a site whose deletes are held for a resource.</summary>
    public IAsyncEnumerable<InboxItemEntity> ListHeldAsync(string site, string resource, CancellationToken cancellationToken)
        => _table.QueryAsync<InboxItemEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {site} and HeldBy eq {resource}"), cancellationToken: cancellationToken);

    /// <summary>Takes out the rows that a delivery was the last to name, and what that led to. Gives their number.</summary>
    public async Task<int> DiscardNamedAsync(string site, string delivery, CancellationToken cancellationToken)
    {
        var (all, discarded) = (0, 0);
        do
        {
            discarded = await DiscardAsync(
                _table.QueryAsync<InboxItemEntity>(
                    TableClient.CreateQueryFilter($"PartitionKey eq {site} and Delivery eq {delivery}"),
                    cancellationToken: cancellationToken),
                cancellationToken);
            all += discarded;
        }
        // Until none is left: whoever unpacks the delivery may have added some before the place that the reading had come to.
        while (discarded > 0);
        return all;
    }

    /// <summary>Takes rows out, unless another delivery names their objects meanwhile. Gives their number.</summary>
    public async Task<int> DiscardAsync(IAsyncEnumerable<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        var discarded = 0;
        await Parallel.ForEachAsync(
            rows,
            Some(cancellationToken),
            async (row, token) =>
            {
                var (delivery, left) = (row.Delivery, row);
                // Who is at work on it writes it now and then.
                while (left is not null && left.Delivery == delivery && !await RemoveAsync(left, token))
                    left = await FindAsync(row.PartitionKey, row.RowKey, token);
                if (left is not null && left.Delivery == delivery)
                    Interlocked.Increment(ref discarded);
            });
        return discarded;
    }

    /// <summary>Has a dead-lettered row worked on again, from its first attempt. False if there is none.</summary>
    public async Task<bool> RetryAsync(string site, string key, CancellationToken cancellationToken)
    {
        if (await FindAsync(site, key, cancellationToken) is not { DeadLettered: true } row)
            return false;
        (row.DeadLettered, row.Attempts, row.NextAttempt) = (false, 0, time.GetUtcNow());
        return await ReplaceAsync(row, cancellationToken);
    }

    /// <summary>Discards a dead-lettered row: its object is not read again until somebody names it. False if there is none.</summary>
    public async Task<bool> DiscardAsync(string site, string key, CancellationToken cancellationToken)
        => await FindAsync(site, key, cancellationToken) is { DeadLettered: true } row && await RemoveAsync(row, cancellationToken);

    /// <summary>Takes a row for the time of a claim. False if it has changed since it was read: somebody else has it.</summary>
    public Task<bool> ClaimAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        row.HeldBy = "";
        row.Attempts++;
        return RenewAsync(row, cancellationToken);
    }

    /// <summary>Takes a row for the time of one more claim. False if its object has been named again, or the row discarded.</summary>
    public Task<bool> RenewAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        row.NextAttempt = time.GetUtcNow() + _options.LeaseDuration;
        return ReplaceAsync(row, cancellationToken);
    }

    /// <summary>Notes how far the work on a row has come, for whoever goes on after a crash.</summary>
    /// <exception cref="InboxItemDroppedException">Somebody has taken the row out of the inbox.</exception>
    public async Task SaveAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        if (!await RenewAsync(row, cancellationToken) && await FindAsync(row.PartitionKey, row.RowKey, cancellationToken) is null)
            throw new InboxItemDroppedException();
    }

    /// <summary>The trainings of a site that are to be read, and nothing else done about them, with their tokens.</summary>
    public IAsyncEnumerable<InboxItemEntity> ListUpdatesAsync(string site, CancellationToken cancellationToken)
    {
        var (first, end, update) = ($"{WebhookObject.Training}-", $"{WebhookObject.Training}.", nameof(ChangeAction.Update));
        return _table.QueryAsync<InboxItemEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {site} and RowKey gt {first} and RowKey lt {end} and Action eq {update}"),
            select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken);
    }

    /// <summary>Removes a row that was worked on. False if its object has been named again meanwhile: the row stays.</summary>
    public async Task<bool> RemoveAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>Puts a row back that could not be worked on to its end; that is no failure of its own.</summary>
    public Task PutBackAsync(InboxItemEntity row, TimeSpan wait, CancellationToken cancellationToken)
    {
        row.NextAttempt = time.GetUtcNow() + wait;
        row.Attempts--;
        return ReplaceAsync(row, cancellationToken);
    }

    /// <summary>Notes a failure, and sets the next attempt or gives the row up.</summary>
    /// <param name="row">The row.</param>
    /// <param name="error">What failed.</param>
    /// <param name="least">How long to wait at least; a shorter time must not use up the attempts within minutes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task FailAsync(InboxItemEntity row, string error, TimeSpan? least, CancellationToken cancellationToken)
    {
        row.NoteFailure(error, time.GetUtcNow());
        row.DeadLettered = row.Attempts >= _options.MaxAttempts;
        var pause = Pause(row.Attempts);
        row.NextAttempt = row.DeadLettered ? Never : time.GetUtcNow() + (least > pause ? least.Value : pause);
        return ReplaceAsync(row, cancellationToken);
    }

    private TimeSpan Pause(int attempts)
    {
        var pause = _options.RetryDelay * Math.Pow(2, Math.Min(attempts - 1, 30));
        // A little apart, so that what failed together does not come back together.
        return (pause < _options.MaxRetryDelay ? pause : _options.MaxRetryDelay) * (0.8 + 0.4 * Random.Shared.NextDouble());
    }

    private string IsDue(string site)
    {
        var now = time.GetUtcNow();
        return TableClient.CreateQueryFilter(
            $"PartitionKey eq {site} and NextAttempt le {now} and Format le {InboxItemEntity.CurrentFormat}");
    }

    private static ParallelOptions Some(CancellationToken cancellationToken)
        => new() { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };

    private async Task TransactAsync(
        IReadOnlyCollection<InboxItemEntity> rows, TableTransactionActionType how, CancellationToken cancellationToken)
    {
        var answers = await _table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(how, row)), cancellationToken);
        foreach (var (row, written) in rows.Zip(answers.Value))
            row.ETag = written.Headers.ETag.GetValueOrDefault();
    }

    // False, and none is written, if one of them is there already.
    private async Task<bool> TryAddAsync(IReadOnlyCollection<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            await TransactAsync(rows, TableTransactionActionType.Add, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return false;
        }
    }

    // False if another has written or removed it meanwhile.
    private async Task<bool> TryPutEarlierAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync<InboxItemEntity>(row.PartitionKey, row.RowKey, cancellationToken, Identity) is not { } known)
            return await TryAddAsync([row], cancellationToken);
        if (known.IsNamedAfter(row))
            (row.Action, row.Delivery, row.Named, row.IsBulk) = (known.Action, known.Delivery, known.Named, known.IsBulk);
        row.ETag = known.ETag;
        return await ReplaceAsync(row, cancellationToken);
    }

    // Only over the row as it was read: whoever named the object since wants it read again.
    private async Task<bool> ReplaceAsync(InboxItemEntity row, CancellationToken cancellationToken)
    {
        await row.Writing.WaitAsync(cancellationToken);
        try
        {
            var until = row.NextAttempt;
            var answer = await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            (row.ETag, row.ClaimedUntil) = (answer.Headers.ETag.GetValueOrDefault(), until);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return false;
        }
        finally
        {
            row.Writing.Release();
        }
    }
}
