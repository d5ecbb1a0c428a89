using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Hosting;
using Springest.Functions.Sites;
using Springest.Functions.Webhooks.Bodies;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;
using Springest.Functions.Webhooks.Processing;

namespace Springest.Functions.Webhooks.Receiving;

/// <summary>
/// Takes webhooks in: everything that can be wrong with one is found before anything is stored, and it is answered only when
/// body, delivery and inbox rows are all stored. What comes after the answer can be lost without losing a change.
/// </summary>
public sealed partial class WebhookReceiver(
    BatchingWriter store, InlineApplier fastLane, BodyMemory memory, SpringestClients clients, StoppableWork work,
    IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookReceiver> logger)
{
    // More objects than one transaction holds are left to the timer.
    private const int MostInline = 100;

    // A delivery with more than these gets one row for all of them, so that no sender waits for a thousand transactions.
    private const int MostRows = 1000;

    private readonly WebhookOptions _options = options.Value;

    /// <exception cref="WebhookRejectedException">It is not taken.</exception>
    public async Task<WebhookReceipt> ReceiveAsync(
        WebhookFeed feed, string site, Stream body, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        site = clients.Find(site) ?? throw new WebhookRejectedException(HttpStatusCode.NotFound, clients.Unknown(site));
        var (json, content) = await ReadAsync(feed, body, headers, cancellationToken);

        var delivery = DeliveryEntity.Create(site, feed, time.GetUtcNow());
        (delivery.Accepted, delivery.Ignored, delivery.Objects, delivery.OtherUrls) = (
            content.Accepted,
            content.Ignored,
            content.Changes.Count,
            content.OtherUrls);
        var inline = _options.InlineBudget > TimeSpan.Zero && content.Changes.Count is > 0 and <= MostInline;
        List<InboxItemEntity> rows = content.Changes.Count > MostRows
            ? [InboxItemEntity.Bundle(delivery)]
            : [.. content.Changes.Select(change => Row(site, delivery, change, inline))];
        var (arrival, stored) = await StoreAsync(json, delivery, rows, cancellationToken);
        Log.Taken(logger, site, delivery.RowKey, content.Accepted, content.Ignored);
        if (content is { Accepted: 0, Ignored: > 0 })
            Log.NothingKnown(logger, site, delivery.RowKey, content.Ignored);

        var applied = inline ? await ApplyAsync(arrival, stored, content.Changes) : 0;
        return new WebhookReceipt(delivery.RowKey, content.Accepted, content.Ignored, applied);
    }

    private async Task<(WebhookBody Body, ParsedWebhook Content)> ReadAsync(
        WebhookFeed feed, Stream content, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.ReceiveTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var body = await WebhookBody.ReadAsync(content, headers, _options.MaxBodyBytes, memory, either.Token);
            return (body, Parse(feed, body));
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
        {
            throw new WebhookRejectedException(
                HttpStatusCode.RequestTimeout,
                string.Create(CultureInfo.InvariantCulture, $"The body took longer than {_options.ReceiveTimeout.TotalSeconds} s."),
                exception);
        }
    }

    private ParsedWebhook Parse(WebhookFeed feed, WebhookBody body)
    {
        try
        {
            return WebhookParser.Parse(feed, body.Bytes, _options.MaxChanges);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private InboxItemEntity Row(string site, DeliveryEntity delivery, WebhookChange change, bool isClaimed)
    {
        var row = InboxItemEntity.For(site, change, delivery.RowKey, delivery.Received);
        // Written as claimed, which saves a round trip. What is left when the budget is used up falls to the timer soon after.
        if (isClaimed)
            (row.NextAttempt, row.Attempts) = (delivery.Received + (2 * _options.InlineBudget), 1);
        return row;
    }

    private async Task<(InlineApplier.Arrival Arrival, IReadOnlyList<InboxItemEntity> Stored)> StoreAsync(
        WebhookBody body, DeliveryEntity delivery, List<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        var arrival = fastLane.Enter();
        try
        {
            return (arrival, await store.StoreAsync(delivery, body, rows, cancellationToken));
        }
        // Whatever keeps it from being stored, the sender has to come again.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotStored(logger, delivery.PartitionKey, exception);
            throw new WebhookRejectedException(HttpStatusCode.ServiceUnavailable, "The webhook cannot be stored at the moment.", exception)
            {
                RetryAfter = _options.RetryDelay,
            };
        }
        finally
        {
            fastLane.Leave();
        }
    }

    // Not cut off when the budget is used up, only no longer waited for: a read that has begun has cost its permit already.
    private async Task<int> ApplyAsync(
        InlineApplier.Arrival arrival, IReadOnlyList<InboxItemEntity> rows, IReadOnlyCollection<WebhookChange> changes)
    {
        var times = changes.ToDictionary(InboxItemEntity.KeyOf, change => change.Times);
        var site = rows[0].PartitionKey;
        var applied = 0;
        var applying = ApplyAsync(
            arrival, rows, row => Interlocked.Add(ref applied, row.PartitionKey == site ? times.GetValueOrDefault(row.RowKey) : 0));
        try
        {
            await applying.WaitAsync(_options.InlineBudget, time);
        }
        catch (TimeoutException)
        {
            // The timer takes what is left.
        }

        return Volatile.Read(ref applied);
    }

    private async Task ApplyAsync(InlineApplier.Arrival arrival, IReadOnlyList<InboxItemEntity> rows, Action<InboxItemEntity> done)
    {
        try
        {
            await work.RunAsync((stop, end) => fastLane.ApplyAsync(arrival, rows, done, stop, end), CancellationToken.None);
        }
        // All is stored by now: the answer is the same whatever happens here.
        catch (Exception exception)
        {
            Log.NotApplied(logger, rows[0].Delivery, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Webhook {Delivery} of {Site}: {Accepted} changes taken, {Ignored} ignored.")]
        public static partial void Taken(ILogger logger, string site, string delivery, int accepted, int ignored);

        [LoggerMessage(
            LogLevel.Warning,
            "Webhook {Delivery} of {Site}: none of its {Ignored} changes has a known form. Springest may have changed it."
        )]
        public static partial void NothingKnown(ILogger logger, string site, string delivery, int ignored);

        [LoggerMessage(LogLevel.Warning, "What webhook {Delivery} named could not be applied at once; it stays in the inbox.")]
        public static partial void NotApplied(ILogger logger, string delivery, Exception exception);

        [LoggerMessage(LogLevel.Error, "A webhook of {Partition} could not be stored.")]
        public static partial void NotStored(ILogger logger, string partition, Exception exception);
    }
}
