using System.Text.Json;
using Azure.Storage.Blobs;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Events in the shape of Event Grid's own.</summary>
internal static class BlobEvent
{
    public static string Created(BlobContainerClient container, string blob) => Of("Microsoft.Storage.BlobCreated", container, blob);

    public static string Of(string type, BlobContainerClient container, string blob)
        => JsonSerializer.Serialize(
            new[]
            {
                new
                {
                    id = Guid.NewGuid(),
                    topic = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a",
                    subject = $"/blobServices/default/containers/{container.Name}/blobs/{blob}",
                    eventType = type,
                    eventTime = TimeProvider.System.GetUtcNow(),
                    dataVersion = "",
                    metadataVersion = "1",
                    data = new
                    {
                        api = "PutBlob",
                        blobType = "BlockBlob",
                        contentType = "application/pdf",
                        url = container.GetBlobClient(blob).Uri,
                    },
                },
            });

    /// <summary>Asks the address whether it wants the events.</summary>
    public static string Validation(string code) => JsonSerializer.Serialize(new[]
    {
        new
        {
            id = Guid.NewGuid(),
            topic = "/subscriptions/s",
            subject = "",
            eventType = "Microsoft.EventGrid.SubscriptionValidationEvent",
            eventTime = TimeProvider.System.GetUtcNow(),
            dataVersion = "2",
            metadataVersion = "1",
            data = new { validationCode = code },
        },
    });
}
