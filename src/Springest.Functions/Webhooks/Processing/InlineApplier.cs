using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Hosting;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>
/// Reads the objects that a webhook has just named, so that they need not wait for the timer. A webhook that arrives alone is processed at
/// once. Webhooks that arrive in a burst are likely to name the same objects again, so these are read once, in the next lull.
/// </summary>
public sealed partial class InlineApplier
{
    private static readonly TimeSpan Lull = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Arrival> _burst = Channel.CreateUnbounded<Arrival>();
    private readonly InboxWorker _worker;
    private readonly StoppableWork _work;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _budget;
    private long _lastStored;
    private int _storing;
    private int _hasWaiter;

    public InlineApplier(
        InboxWorker worker, StoppableWork work, IOptions<WebhookOptions> options, TimeProvider time, ILogger<InlineApplier> logger)
    {
        (_worker, _work, _budget, _time, _logger) = (worker, work, options.Value.InlineBudget, time, logger);
        _ = ReadAsync();
    }

    /// <summary>Stores a webhook, and says how many of its changes are applied when all are, or when the budget is used up.</summary>
    internal async Task<int> ApplyAsync(Func<Task<StoredWebhook>> store, IReadOnlyCollection<WebhookChange> changes)
    {
        var isAlone = Interlocked.Increment(ref _storing) == 1 && _time.GetElapsedTime(Volatile.Read(ref _lastStored)) >= Lull;
        StoredWebhook stored;
        try
        {
            stored = await store();
        }
        finally
        {
            Volatile.Write(ref _lastStored, _time.GetTimestamp());
            isAlone &= Interlocked.Decrement(ref _storing) == 0;
        }

        var arrival = new Arrival(stored.Rows, changes.ToDictionary(InboxItemEntity.KeyOf, change => change.Times));
        if (isAlone && stored.IsSingle)
        {
            _ = ApplyAloneAsync(arrival);
            return await arrival.WaitAsync(_budget, _time);
        }

        // One is answered only after the lull, on behalf of all: while a request is open the host does not end the instance.
        arrival.IsWaitedFor = Interlocked.Exchange(ref _hasWaiter, 1) == 0;
        _burst.Writer.TryWrite(arrival);
        if (!arrival.IsWaitedFor)
            return 0;
        try
        {
            return await arrival.WaitAsync(_budget, _time);
        }
        finally
        {
            Volatile.Write(ref _hasWaiter, 0);
        }
    }

    private async Task ApplyAloneAsync(Arrival arrival)
    {
        await RunAsync((stop, end) => _worker.ApplyClaimedAsync(arrival.Rows, _budget, arrival.NoteDone, stop, end));
        arrival.End();
    }

    private async Task ReadAsync()
    {
        while (await _burst.Reader.WaitToReadAsync())
        {
            var (rows, waiting) = (new Dictionary<(string Site, string Key), InboxItemEntity>(), new List<Arrival>());
            Collect(rows, waiting);
            await RunAsync(async (stop, end) =>
            {
                do
                    await Task.Delay(Lull, _time, stop);
                while (Collect(rows, waiting) || Volatile.Read(ref _storing) > 0);
                await _worker.ApplyNamedAsync(
                    rows.Values, _budget, row => waiting.ForEach(arrival => arrival.NoteDone(row)), stop, end);
            });
            waiting.ForEach(arrival => arrival.End());
        }
    }

    /// <summary>Takes what has come; false if nothing has.</summary>
    private bool Collect(Dictionary<(string Site, string Key), InboxItemEntity> rows, List<Arrival> waiting)
    {
        var hasCome = false;
        while (_burst.Reader.TryRead(out var arrival))
        {
            hasCome = true;
            foreach (var row in arrival.Rows)
                rows[(row.PartitionKey, row.RowKey)] = row;
            if (arrival.IsWaitedFor)
                waiting.Add(arrival);
        }

        // Those whose claim has run out are the timer's by now.
        var now = _time.GetUtcNow();
        foreach (var (key, _) in rows.Where(each => each.Value.NextAttempt <= now))
            rows.Remove(key);
        return hasCome;
    }

    // Never fails: all is stored by now, so that whatever happens here the timer makes up for.
    private async Task RunAsync(Func<CancellationToken, CancellationToken, Task> work)
    {
        try
        {
            await _work.RunAsync(work, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotApplied(_logger, exception);
        }
    }

    /// <summary>A webhook that is stored, and what has been applied of it.</summary>
    private sealed class Arrival(IReadOnlyList<InboxItemEntity> rows, Dictionary<string, int> times)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _applied;

        public IReadOnlyList<InboxItemEntity> Rows { get; } = rows;

        public bool IsWaitedFor { get; set; }

        public void NoteDone(InboxItemEntity row)
        {
            if (row.PartitionKey == Rows[0].PartitionKey)
                Interlocked.Add(ref _applied, times.GetValueOrDefault(row.RowKey));
        }

        public void End() => _ended.TrySetResult();

        // Not cut off when the budget is used up, only no longer waited for: a read that has begun has cost its permit already.
        public async Task<int> WaitAsync(TimeSpan budget, TimeProvider time)
        {
            try
            {
                await _ended.Task.WaitAsync(budget, time);
            }
            catch (TimeoutException)
            {
                // The timer takes what is left.
            }

            return Volatile.Read(ref _applied);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What webhooks named could not be applied at once; it stays in the inbox.")]
        public static partial void NotApplied(ILogger logger, Exception exception);
    }
}
