using System.Net.Http.Json;
using Azure;
using Azure.Storage.Blobs;

namespace Springest.LocalHost.Jobs;

/// <summary>
/// Stands in for Event Grid, which does not exist on a developer's machine: lists a container several times a second, and announces every
/// ETag that it has not seen. What is there when it starts is taken as announced.
/// </summary>
internal sealed partial class BlobAnnouncer(string function, BlobContainerClient container, BlobEvents events, ILogger<BlobAnnouncer> log)
{
    private HashSet<(string Name, ETag? Version)>? _seen;

    /// <summary>Knows what is there when this ends, and announces what comes after.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        _ = RunAsync(cancellationToken);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var seconds = 0.25; !cancellationToken.IsCancellationRequested; seconds = await LookAsync(cancellationToken) ? 0.25 : 5)
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var listed = await ListAsync(cancellationToken);
            foreach (var news in listed.Except(_seen ?? listed).Chunk(100))
            {
                using var body = JsonContent.Create(news.Select(blob => EventFor(blob.Name, blob.Version)));
                var query = $"?functionName=Host.Functions.{function}";
                using var answer = await events.DeliverAsync(query, "Notification", body, cancellationToken);
                answer.EnsureSuccessStatusCode();
            }

            _seen = listed;
            return true;
        }
        // Whatever keeps storage from answering, the next listing may succeed.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.CannotAnnounce(log, exception, container.Name);
            return false;
        }
    }

    private async Task<HashSet<(string Name, ETag? Version)>> ListAsync(CancellationToken cancellationToken)
    {
        if (!await container.ExistsAsync(cancellationToken))
            return [];
        var blobs = container.GetBlobsAsync(cancellationToken: cancellationToken);
        return await blobs.Select(blob => (blob.Name, blob.Properties.ETag)).ToHashSetAsync(cancellationToken: cancellationToken);
    }

    private object EventFor(string blob, ETag? version) => new
    {
        id = Guid.NewGuid(),
        topic = "/local",
        subject = $"/blobServices/default/containers/{container.Name}/blobs/{blob}",
        eventType = "Microsoft.Storage.BlobCreated",
        eventTime = TimeProvider.System.GetUtcNow(),
        data = new { api = "PutBlob", blobType = "BlockBlob", eTag = $"{version}", url = container.GetBlobClient(blob).Uri },
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Blobs of container {Container} cannot be announced; trying on")]
        public static partial void CannotAnnounce(ILogger logger, Exception exception, string container);
    }
}
