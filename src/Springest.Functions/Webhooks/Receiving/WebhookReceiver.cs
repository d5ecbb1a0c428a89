using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
    InboxWriter writer, InlineApplier applier, BodyMemory memory, SpringestClients clients, IOptions<WebhookOptions> options,
    WebhookMetrics metrics, TimeProvider time, ILogger<WebhookReceiver> logger)
{
    // A delivery with more than these gets one row for all of them, so that no sender waits for a thousand transactions.
    private const int MostRows = 1000;

    private readonly WebhookOptions _options = options.Value;

    /// <summary>Takes a webhook in, and answers its sender.</summary>
    public async Task<IResult> ReceiveAsync(HttpRequest request, WebhookFeed feed, string site, CancellationToken cancellationToken)
    {
        try
        {
            return WebhookResponses.Json(
                HttpMethods.IsPost(request.Method)
                    ? await ReceiveAsync(feed, site, request.Body, request.Headers, cancellationToken)
                    : throw new WebhookProblemException(HttpStatusCode.MethodNotAllowed, "Webhooks are posted."));
        }
        catch (WebhookProblemException refused)
        {
            metrics.Delivered(feed, refused.Status.ToString());
            return WebhookResponses.Problem(request, refused);
        }
    }

    /// <exception cref="WebhookProblemException">It is not taken.</exception>
    public async Task<WebhookReceipt> ReceiveAsync(
        WebhookFeed feed, string site, Stream body, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        site = clients.Find(site) ?? throw new WebhookProblemException(HttpStatusCode.NotFound, clients.Unknown(site));
        var (json, content) = await ReadAsync(feed, body, headers, cancellationToken);

        var delivery = DeliveryEntity.Create(site, feed, time.GetUtcNow());
        (delivery.Accepted, delivery.Ignored, delivery.Objects, delivery.OtherUrls) = (
            content.Accepted,
            content.Ignored,
            content.Changes.Count,
            content.OtherUrls);
        var inline = _options.InlineBudget > TimeSpan.Zero && content.Changes.Count is > 0 and <= InboxItemEntity.MostAtOnce;
        List<InboxItemEntity> rows = content.Changes.Count > MostRows
            ? [InboxItemEntity.Bundle(delivery)]
            : [.. content.Changes.Select(change => Row(site, delivery, change, inline))];
        var applied = 0;
        if (inline)
            applied = await applier.ApplyAsync(() => StoreAsync(json, delivery, rows, cancellationToken), content.Changes);
        else
            await StoreAsync(json, delivery, rows, cancellationToken);
        Log.Taken(logger, site, delivery.RowKey, content.Accepted, content.Ignored);
        if (delivery.IsNotUnderstood)
            Log.NotUnderstood(logger, site, delivery.RowKey, content.Ignored);
        metrics.Delivered(feed, delivery.IsNotUnderstood ? "NotUnderstood" : "Taken");
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
            throw new WebhookProblemException(
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
        var row = InboxItemEntity.For(site, change, delivery.RowKey, delivery.Received, delivery.Objects);
        // Written as claimed, which saves a round trip. What is left when the budget is used up falls to the timer soon after.
        if (isClaimed)
            row.NextAttempt = delivery.Received + (2 * _options.InlineBudget);
        return row;
    }

    private async Task<StoredWebhook> StoreAsync(
        WebhookBody body, DeliveryEntity delivery, List<InboxItemEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.StoreAsync(delivery, body, rows, cancellationToken);
        }
        // Whatever keeps it from being stored, the sender has to come again.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotStored(logger, delivery.PartitionKey, exception);
            throw new WebhookProblemException(HttpStatusCode.ServiceUnavailable, "The webhook cannot be stored at the moment.", exception)
            {
                RetryAfter = _options.RetryDelay,
            };
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
        public static partial void NotUnderstood(ILogger logger, string site, string delivery, int ignored);

        [LoggerMessage(LogLevel.Error, "A webhook of {Partition} could not be stored.")]
        public static partial void NotStored(ILogger logger, string partition, Exception exception);
    }
}
