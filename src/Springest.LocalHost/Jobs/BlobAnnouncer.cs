using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Storage;
using Microsoft.Extensions.Logging;
using Springest.LocalHost.Workers;

namespace Springest.LocalHost.Jobs;

/// <summary>
/// Stands in for Event Grid, which does not exist on a developer's machine: lists the containers of the blob functions several times a second,
/// and announces every ETag that it has not seen. What is there when it starts is taken as announced.
/// </summary>
internal sealed partial class BlobAnnouncer(
    IEnumerable<WorkerFunction> functions, BlobEvents events, IAzureBlobStorageProvider storage, INameResolver names, ILogger<BlobAnnouncer> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks what is there, and goes on looking until it is cancelled.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var function in functions.Where(function => function.TriggerType is WorkerFunction.BlobTrigger && TriggerMethods.Source(function) is BlobTriggerSource.EventGrid))
            if (storage.TryCreateBlobServiceClientFromConnection(function.Text("connection") is { Length: > 0 } connection ? connection : "AzureWebJobsStorage", out var account))
            {
                var container = account.GetBlobContainerClient(names.ResolveWholeString(function.Text("path")).Split('/')[0]);
                _ = WatchAsync(function.Name, container, await ListAsync(container, cancellationToken), cancellationToken);
            }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps storage from answering, the next listing may succeed.")]
    private async Task WatchAsync(string function, BlobContainerClient container, Dictionary<string, ETag> seen, CancellationToken cancellationToken)
    {
        using var beat = new PeriodicTimer(Interval);
        var failing = false;
        while (!cancellationToken.IsCancellationRequested)
            try
            {
                await beat.WaitForNextTickAsync(cancellationToken);
                var listed = await ListAsync(container, cancellationToken);
                var news = listed.Where(blob => !seen.TryGetValue(blob.Key, out var known) || known != blob.Value).Select(blob => EventFor(container, blob.Key, blob.Value));
                foreach (var some in news.Chunk(100))
                    await events.AnnounceAsync(function, JsonContent.Create(some), cancellationToken);
                (seen, failing) = (listed, false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (!failing)
                    Log.CannotAnnounce(logger, exception, container.Name);
                failing = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    private static async Task<Dictionary<string, ETag>> ListAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ETag>();
        try
        {
            await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellationToken))
                if (blob.Properties.ETag is { } version)
                    found[blob.Name] = version;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // It will be made when somebody needs it.
        }

        return found;
    }

    private static object EventFor(BlobContainerClient container, string blob, ETag version) => new
    {
        id = Guid.NewGuid(),
        topic = "/local",
        subject = $"/blobServices/default/containers/{container.Name}/blobs/{blob}",
        eventType = "Microsoft.Storage.BlobCreated",
        eventTime = TimeProvider.System.GetUtcNow(),
        dataVersion = "",
        metadataVersion = "1",
        data = new { api = "PutBlob", blobType = "BlockBlob", eTag = version.ToString(), url = container.GetBlobClient(blob).Uri },
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Blobs of container {Container} cannot be announced; trying on.")]
        public static partial void CannotAnnounce(ILogger logger, Exception exception, string container);
    }
}
