using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Springest.Functions.Hosting;
using Springest.Functions.Webhooks.Bodies;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>
/// Stores webhooks: body, delivery and inbox rows. Those that come while others are being written are written together, which
/// costs storage hardly more than one of them; who comes alone does not wait.
/// </summary>
public sealed class InboxWriter
{
    // As many as one transaction holds.
    private const int MostTogether = 100;
    private const int MostRowsTogether = 200;
    private const int MostBytesTogether = 256 * 1024;
    private const int MostWrites = 8;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(3);

    private readonly Channel<Webhook> _waiting = Channel.CreateUnbounded<Webhook>();
    private readonly DeliveryStore _deliveries;
    private readonly StoppableWork _work;
    private readonly WebhookInbox _inbox;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public InboxWriter(
        DeliveryStore deliveries, WebhookInbox inbox, StoppableWork work, IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_deliveries, _inbox, _work, _timeout, _time) = (deliveries, inbox, work, options.Value.StorageTimeout, time);
        _ = ReadAsync();
    }

    /// <summary>
    /// Returns when all of it is stored, with the rows that stand for it in the inbox, and whether it was stored by itself; throws what
    /// storage throws. The body is disposed of when it is no longer being written, which after a timeout is later.
    /// </summary>
    internal async Task<StoredWebhook> StoreAsync(
        DeliveryEntity delivery, WebhookBody body, IReadOnlyList<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        var webhook = new Webhook(delivery, body, rows);
        _ = _work.RunAsync((_, _) => webhook.Written.Task, CancellationToken.None);
        // A large one must not keep the small ones waiting, and a row that stands for a body is a bundle already.
        if (rows.Count > MostRowsTogether || body.Bytes.Length > DeliveryEntity.MostBytesInRow || rows.Any(row => row.StandsForBody))
            _ = WriteAsync([webhook]);
        else
            _waiting.Writer.TryWrite(webhook);
        return await webhook.Stored.Task.WaitAsync(_timeout, _time, cancellationToken);
    }

    // The more are written together the less each costs. But where storage is far, who comes must not wait for the write before.
    private async Task ReadAsync()
    {
        var writes = new List<Task>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (writes.Count == MostWrites)
                writes.Remove(await Task.WhenAny(writes));
            var write = WriteAsync(Take());
            writes.Add(write);
            if (_waiting.Reader.Count < MostTogether)
                await Task.WhenAny(write, Task.Delay(Gathering, _time));
            writes.RemoveAll(each => each.IsCompleted);
        }
    }

    private List<Webhook> Take()
    {
        var (together, rows, bytes) = (new List<Webhook>(), 0, 0L);
        while (
            together.Count < MostTogether
            && rows < MostRowsTogether
            && bytes < MostBytesTogether
            && _waiting.Reader.TryRead(out var webhook))
        {
            together.Add(webhook);
            (rows, bytes) = (rows + webhook.Rows.Count, bytes + webhook.Body.Bytes.Length);
        }

        return together;
    }

    // Never fails: each sender's own call decides what to make of what storage threw.
    private async Task WriteAsync(List<Webhook> together)
    {
        try
        {
            var inInbox = await StoreAsync(together);
            together.ForEach(webhook => webhook.Stored.SetResult(new(inInbox[webhook.Delivery.Site], together.Count == 1)));
        }
        catch (Exception exception)
        {
            together.ForEach(webhook => webhook.Stored.SetException(exception));
        }
        finally
        {
            together.ForEach(webhook => webhook.Written.SetResult());
        }
    }

    private async Task<Dictionary<string, IReadOnlyList<InboxItemEntity>>> StoreAsync(List<Webhook> together)
    {
        using var patience = new CancellationTokenSource(_timeout, _time);
        try
        {
            var inInbox = together.GroupBy(webhook => webhook.Delivery.Site)
                .ToDictionary(site => site.Key, site => Bundle([.. site], together[0].Delivery));
            var recorded = _deliveries.RecordAsync(
                [.. together.Select(webhook => (webhook.Delivery, webhook.Body.Bytes))], patience.Token);
            // A row that stands for a body is written after the body, because a timer may take it up at once. Everything else is written
            // at the same time: the sender gets its answer when all of it is stored, and a part alone does no harm.
            if (inInbox.Values.Any(rows => rows.Any(row => row.StandsForBody)))
                await recorded;
            await Task.WhenAll([recorded, .. inInbox.Values.Select(rows => _inbox.PutAsync(rows, patience.Token))]);
            return inInbox;
        }
        finally
        {
            together.ForEach(webhook => webhook.Body.Dispose());
        }
    }

    // What several name is one row for now, unless it is one object anyway.
    private static IReadOnlyList<InboxItemEntity> Bundle(List<Webhook> webhooks, DeliveryEntity first)
    {
        if (webhooks is [var single])
            return single.Rows;
        var rows = webhooks.SelectMany(webhook => webhook.Rows).GroupBy(row => row.RowKey).Select(same => same.Last()).ToList();
        return rows.Count > 1 ? [InboxItemEntity.Bundle(first, rows)] : rows;
    }

    private sealed record Webhook(DeliveryEntity Delivery, WebhookBody Body, IReadOnlyList<InboxItemEntity> Rows)
    {
        public TaskCompletionSource<StoredWebhook> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>It is stored, or failed to be.</summary>
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
