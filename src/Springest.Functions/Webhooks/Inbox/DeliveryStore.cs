using System.Buffers;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks.Bodies;

namespace Springest.Functions.Webhooks.Inbox;

/// <summary>Every webhook that was taken, and its body.</summary>
public sealed class DeliveryStore(AppStorage storage, TimeProvider time)
{
    private static readonly string[] WithoutBody =
    [
        nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey), nameof(DeliveryEntity.Received), nameof(DeliveryEntity.Feed),
        nameof(DeliveryEntity.Bytes), nameof(DeliveryEntity.Accepted), nameof(DeliveryEntity.Ignored), nameof(DeliveryEntity.Objects),
        nameof(DeliveryEntity.OtherUrls), nameof(DeliveryEntity.StoredWith),
    ];

    private readonly TableClient _table = storage.Table(WebhookStorage.Deliveries);
    private readonly BlobContainerClient _bodies = storage.Container(WebhookStorage.Bodies);

    /// <summary>Keeps deliveries with their bodies. Safe to repeat.</summary>
    public Task RecordAsync(
        IReadOnlyList<(DeliveryEntity Delivery, ReadOnlySequence<byte> Body)> webhooks, CancellationToken cancellationToken)
    {
        foreach (var (delivery, body) in webhooks)
        {
            (delivery.StoredWith, delivery.Bytes) = (webhooks[0].Delivery.RowKey, (int)body.Length);
            delivery.Content = delivery.IsLarge ? null : body.ToArray();
        }

        return Task.WhenAll(
        [
            .. webhooks.Where(webhook => webhook.Delivery.IsLarge)
                .Select(webhook => UploadAsync(webhook.Delivery.Blob, webhook.Body, cancellationToken)),
            .. webhooks.Select(webhook => webhook.Delivery)
                .Concat(webhooks.Where(webhook => webhook.Delivery.IsNotUnderstood).Select(webhook => webhook.Delivery.NotUnderstood()))
                .GroupBy(row => row.PartitionKey)
                .Select(together => AddAsync([.. together], cancellationToken)),
        ]);
    }

    /// <summary>A site's deliveries of today and yesterday, the latest first, without their bodies.</summary>
    public IAsyncEnumerable<DeliveryEntity> ListLatestAsync(string site, CancellationToken cancellationToken)
        => ListAsync(site, time.GetUtcNow().UtcDateTime.Date.AddDays(-1), time.GetUtcNow(), cancellationToken);

    /// <summary>A site's deliveries of a span of time, both ends included, the latest first, without their bodies.</summary>
    public IAsyncEnumerable<DeliveryEntity> ListAsync(
        string site, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => QueryAsync(site, from, to, WithoutBody, cancellationToken);

    /// <summary>The same with their bodies, but for large ones.</summary>
    public IAsyncEnumerable<DeliveryEntity> ReadAsync(
        string site, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => QueryAsync(site, from, to, select: null, cancellationToken);

    /// <summary>A site's deliveries that were not understood and nobody has looked at, the latest first.</summary>
    public IAsyncEnumerable<DeliveryEntity> ListNotUnderstoodAsync(string site, CancellationToken cancellationToken)
        => _table.QueryAsync<DeliveryEntity>(
            row => row.PartitionKey == DeliveryEntity.PartitionOfNotUnderstood(site),
            select: WithoutBody,
            cancellationToken: cancellationToken);

    /// <summary>A delivery that was not understood is by now, or concerns nobody any more.</summary>
    public Task SettleAsync(string site, string id, CancellationToken cancellationToken)
        => _table.DeleteEntityAsync(DeliveryEntity.PartitionOfNotUnderstood(site), id, ETag.All, cancellationToken);

    /// <summary>The same of all from the one with this id back to the first.</summary>
    public Task SettleAllAsync(string site, string latest, CancellationToken cancellationToken)
    {
        var partition = DeliveryEntity.PartitionOfNotUnderstood(site);
        return _table.DeleteAllAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {latest}"), cancellationToken);
    }

    /// <summary>The delivery of this id, or null.</summary>
    public async Task<DeliveryEntity?> FindAsync(string site, string id, CancellationToken cancellationToken)
        => DeliveryEntity.IsId(id)
            ? await _table.FindAsync<DeliveryEntity>(DeliveryEntity.Partition(site, id), id, cancellationToken)
            : null;

    /// <summary>The body in UTF-8 of a delivery that was read whole, or null if it is no longer kept.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(DeliveryEntity delivery, CancellationToken cancellationToken)
    {
        if (!delivery.IsLarge)
            return delivery.Content is { } content ? content.AsMemory() : null;
        try
        {
            using var download = (await _bodies.GetBlobClient(delivery.Blob).DownloadStreamingAsync(
                cancellationToken: cancellationToken)).Value;
            // Into a buffer of its size: one that grows would take three times as much.
            var body = new byte[delivery.Bytes];
            await download.Content.ReadExactlyAsync(body, cancellationToken);
            return body;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Removes what came before, and large bodies of the days before, also of sites that are no longer set.</summary>
    /// <returns>How many rows.</returns>
    public async Task<int> RemoveBeforeAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var folders = _bodies.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", null, cancellationToken);
        await foreach (var folder in folders.Where(item => item.IsPrefix))
        {
            // By their names, in the order of time: those of deliveries that could not be stored have no row.
            var day = DeliveryEntity.BlobsOf(folder.Prefix.TrimEnd('/'), moment);
            await foreach (var blob in _bodies.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder.Prefix, cancellationToken))
            {
                if (string.CompareOrdinal(blob.Name, day) >= 0)
                    break;
                await _bodies.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
            }
        }

        return await _table.DeleteAllAsync(TableClient.CreateQueryFilter($"Received lt {moment}"), cancellationToken);
    }

    private AsyncPageable<DeliveryEntity> QueryAsync(
        string site, DateTimeOffset from, DateTimeOffset to, IEnumerable<string>? select, CancellationToken cancellationToken)
    {
        var (first, last) = (DeliveryEntity.Partition(site, to), DeliveryEntity.Partition(site, from));
        return _table.QueryAsync<DeliveryEntity>(
            TableClient.CreateQueryFilter(
                $"PartitionKey ge {first} and PartitionKey le {last} and Received ge {from} and Received le {to}"),
            maxPerPage: 100,
            select,
            cancellationToken);
    }

    private async Task UploadAsync(string blob, ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        await using var content = new BodyStream(body);
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
        await _bodies.GetBlobClient(blob).UploadAsync(content, options, cancellationToken);
    }

    // Nobody else has these ids: what is there already is the same, written by a try whose answer was lost.
    private async Task AddAsync(IReadOnlyList<DeliveryEntity> deliveries, CancellationToken cancellationToken)
    {
        try
        {
            if (deliveries is [var single])
                await _table.AddEntityAsync(single, cancellationToken);
            else
                await _table.SubmitTransactionAsync(
                    deliveries.Select(delivery => new TableTransactionAction(TableTransactionActionType.Add, delivery)),
                    cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
        }
    }
}
