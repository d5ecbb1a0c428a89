using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host.Storage;
using Springest.LocalHost.Settings;

namespace Springest.LocalHost.Jobs;

/// <summary>
/// Remembers when each timer last fired, where the platform does: <c>timers/{host}/{function}/status</c>. The timer package's own asks for
/// a class that the storage package no longer has.
/// </summary>
/// <param name="storage">The account that the host works with.</param>
/// <param name="settings">The host's id.</param>
internal sealed class ScheduleBlobs(IAzureBlobStorageProvider storage, HostSettings settings) : ScheduleMonitor
{
    /// <inheritdoc/>
    public override async Task<ScheduleStatus?> GetStatusAsync(string timerName)
    {
        try
        {
            return (await Blob(timerName).DownloadContentAsync()).Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override Task UpdateStatusAsync(string timerName, ScheduleStatus status)
        => Blob(timerName).UploadAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(status)), overwrite: true);

    private BlobClient Blob(string timerName)
        => storage.TryCreateHostingBlobContainerClient(out var container)
            ? container.GetBlobClient($"timers/{settings.HostId}/{timerName}/status")
            : throw new HostException("The setting AzureWebJobsStorage is missing. Give a connection string, or AzureWebJobsStorage__accountName.");
}
