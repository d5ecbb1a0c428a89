using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;

namespace Springest.LocalHost.Jobs;

/// <summary>
/// Remembers when each timer last fired, where the platform does: <c>timers/{host}/{function}/status</c>. The timer package's own asks for
/// a class that the storage package no longer has.
/// </summary>
internal sealed class ScheduleBlobs(BlobContainerClient container, HostSettings settings) : ScheduleMonitor
{
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

    public override Task UpdateStatusAsync(string timerName, ScheduleStatus status)
        => Blob(timerName).UploadAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(status)), overwrite: true);

    private BlobClient Blob(string timerName) => container.GetBlobClient($"timers/{settings.HostId}/{timerName}/status");
}
