using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Springest.Functions.Hosting;
using Springest.Functions.Webhooks.Bodies;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>
/// Stores webhooks: body, delivery and inbox rows. Those that come while others are being written are written together, which
/// costs storage hardly more than one of them; who comes alone does not wait.
/// </summary>
public sealed class BatchingWriter(
    DeliveryStore deliveries,
    WebhookInbox inbox,
    StoppableWork work,
    IOptions<WebhookOptions> options,
    TimeProvider time)
{
    // As many as one transaction holds.
    private const int MostTogether = 100;
    private const int MostRowsTogether = 200;
    private const int MostBytesTogether = 256 * 1024;
    private const int MostWriters = 4;

    private readonly Channel<Webhook> _waiting = Channel.CreateUnbounded<Webhook>();
    private readonly TimeSpan _timeout = options.Value.StorageTimeout;
    private int _writers;

    /// <summary>
    /// Returns when all of it is stored, with the rows that stand for it in the inbox; throws what storage throws. The body is disposed of
    /// when it is no longer being written, which after a timeout is later.
    /// </summary>
    internal async Task<IReadOnlyList<InboxItemEntity>> StoreAsync(
        DeliveryEntity delivery, WebhookBody body, IReadOnlyList<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        var webhook = new Webhook(delivery, body, rows);
        // A large one is worth its own requests, and must not keep the small ones waiting.
        if (rows.Count > MostRowsTogether || body.Bytes.Length > MostBytesTogether)
            _ = work.RunAsync((_, _) => WriteAsync([webhook]), CancellationToken.None);
        else if (_waiting.Writer.TryWrite(webhook))
            _ = work.RunAsync((_, _) => WriteAsync(), CancellationToken.None);
        return await webhook.Stored.Task.WaitAsync(_timeout, time, cancellationToken);
    }

    // One writer is enough, and the more come together the less each costs; another begins only where a whole load is waiting.
    private async Task WriteAsync()
    {
        // Looked at again after a place is given up: somebody may have found none just then.
        while (_waiting.Reader.Count is > 0 and var waiting)
        {
            var place = Interlocked.Increment(ref _writers);
            if (place == 1 || (place <= MostWriters && waiting >= MostTogether))
            {
                while (Take() is { Count: > 0 } together)
                    await WriteAsync(together);
            }

            if (Interlocked.Decrement(ref _writers) > 0)
                return;
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

    private async Task WriteAsync(List<Webhook> together)
    {
        try
        {
            var inInbox = await StoreAsync(together);
            together.ForEach(webhook => webhook.Stored.SetResult(inInbox[webhook.Delivery.Site]));
        }
        // Each sender's own call decides what to make of it.
        catch (Exception exception)
        {
            together.ForEach(webhook => webhook.Stored.SetException(exception));
        }
    }

    private async Task<Dictionary<string, IReadOnlyList<InboxItemEntity>>> StoreAsync(List<Webhook> together)
    {
        using var patience = new CancellationTokenSource(_timeout, time);
        try
        {
            var inInbox = together.GroupBy(webhook => webhook.Delivery.Site)
                .ToDictionary(site => site.Key, site => Bundle([.. site], together[0].Delivery));
            // In any order: a sender hears of it when all is there, and a part alone does no harm.
            await Task.WhenAll(
            [
                deliveries.RecordAsync([.. together.Select(webhook => (webhook.Delivery, webhook.Body.Bytes))], patience.Token),
                .. inInbox.Values.Select(rows => inbox.PutAsync(rows, patience.Token)),
            ]);
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
        public TaskCompletionSource<IReadOnlyList<InboxItemEntity>> Stored { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
