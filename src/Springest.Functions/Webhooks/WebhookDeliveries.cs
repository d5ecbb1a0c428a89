using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Storage;

namespace Springest.Functions.Webhooks;

/// <summary>Every webhook that was taken, and its body.</summary>
public sealed class WebhookDeliveries(AppStorage storage, TimeProvider time)
{
    /// <summary>Keeps a delivery and its body. Safe to repeat.</summary>
    public Task RecordAsync(WebhookDeliveryEntity delivery, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        => Task.WhenAll(
            storage.Container(Containers.WebhookBodies).GetBlobClient(delivery.Body).UploadAsync(
                BinaryData.FromBytes(body),
                new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } },
                cancellationToken),
            storage.Table(Tables.WebhookDeliveries).UpsertEntityAsync(delivery, TableUpdateMode.Replace, cancellationToken));

    /// <summary>A site's deliveries of today and yesterday, the latest first.</summary>
    public IAsyncEnumerable<WebhookDeliveryEntity> ListLatestAsync(string site, CancellationToken cancellationToken)
        => ListDayAsync(site, time.GetUtcNow(), cancellationToken).Concat(ListDayAsync(site, time.GetUtcNow().AddDays(-1), cancellationToken));

    private AsyncPageable<WebhookDeliveryEntity> ListDayAsync(string site, DateTimeOffset day, CancellationToken cancellationToken)
    {
        var partition = WebhookDeliveryEntity.Partition(site, day);
        return storage.Table(Tables.WebhookDeliveries).QueryAsync<WebhookDeliveryEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), maxPerPage: 50, cancellationToken: cancellationToken);
    }
}
