using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Webhooks;

/// <summary>
/// Stores webhooks: body, delivery and inbox rows. Those that come while others are being written are written together, which
/// costs storage hardly more than one of them; who comes alone does not wait.
/// </summary>
public sealed class WebhookStore(WebhookDeliveries deliveries, WebhookInbox inbox, IOptions<WebhookOptions> options, TimeProvider time)
{
    // As many as one transaction holds.
    private const int MostTogether = 100;
    private const int MostBytesTogether = 256 * 1024;
    private const int MostWriters = 4;

    private readonly Channel<Webhook> _waiting = Channel.CreateUnbounded<Webhook>();
    private readonly TimeSpan _timeout = options.Value.StorageTimeout;
    private int _writers;

    /// <summary>Returns when all of it is stored, and the rows have their tokens; throws what storage throws.</summary>
    internal async Task StoreAsync(
        WebhookDeliveryEntity delivery, ReadOnlyMemory<byte> body, List<WebhookInboxEntity> rows, CancellationToken cancellationToken)
    {
        var webhook = new Webhook(delivery, body, rows);
        _waiting.Writer.TryWrite(webhook);
        _ = WriteAsync();
        await webhook.Stored.Task.WaitAsync(_timeout, time, cancellationToken);
    }

    private async Task WriteAsync()
    {
        // Looked at again after a place is given up: somebody may have found none just then.
        while (_waiting.Reader.TryPeek(out _))
        {
            if (Interlocked.Increment(ref _writers) <= MostWriters)
            {
                while (Take() is { Count: > 0 } together)
                    await WriteAsync(together);
            }

            if (Interlocked.Decrement(ref _writers) >= MostWriters)
                return;
        }
    }

    private List<Webhook> Take()
    {
        var (together, rows, bytes) = (new List<Webhook>(), 0, 0);
        while (together.Count < MostTogether && rows < MostTogether && bytes < MostBytesTogether && _waiting.Reader.TryRead(out var webhook))
        {
            together.Add(webhook);
            (rows, bytes) = (rows + webhook.Rows.Count, bytes + webhook.Body.Length);
        }

        return together;
    }

    private async Task WriteAsync(List<Webhook> together)
    {
        using var patience = new CancellationTokenSource(_timeout, time);
        try
        {
            // In any order: a sender hears of it when all is there, and a part alone does no harm.
            await Task.WhenAll(
                deliveries.RecordAsync([.. together.Select(webhook => (webhook.Delivery, webhook.Body))], patience.Token),
                PutAsync(together, patience.Token));
            together.ForEach(webhook => webhook.Stored.SetResult());
        }
        // Each sender's own call decides what to make of it.
        catch (Exception exception)
        {
            together.ForEach(webhook => webhook.Stored.SetException(exception));
        }
    }

    // An object that several name is one row, with the token that all of them get.
    private async Task PutAsync(List<Webhook> together, CancellationToken cancellationToken)
    {
        foreach (var site in together.SelectMany(webhook => webhook.Rows).GroupBy(row => row.PartitionKey))
        {
            var rows = site.GroupBy(row => row.RowKey).Select(same => same.ToArray()).ToList();
            await inbox.PutAsync(rows.Select(same => same[^1]), cancellationToken);
            foreach (var same in rows)
                Array.ForEach(same, row => row.ETag = same[^1].ETag);
        }
    }

    private sealed record Webhook(WebhookDeliveryEntity Delivery, ReadOnlyMemory<byte> Body, List<WebhookInboxEntity> Rows)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
