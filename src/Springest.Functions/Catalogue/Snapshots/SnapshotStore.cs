using System.Globalization;
using System.IO.Compression;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Snapshots;

/// <summary>
/// The snapshots of one site's records of one resource. Each has a folder with <c>records.ndjson.gz</c>, the records as received,
/// <c>records.csv</c>, the columns, and <c>manifest.json</c>, written last: a folder without it is not a snapshot. At the end
/// <c>latest.json</c>, which names the newest, is switched. What takes longer than a run is written by several.
/// </summary>
internal sealed class SnapshotStore(BlobContainerClient container, RecordReader records, ChangeFeed changes, MirrorScope scope)
{
    /// <summary>Parts of the names of a snapshot's files.</summary>
    private static readonly string[] OfFolder = ["/records.", Manifest, Progress];

    private const string Manifest = "/manifest.json";
    private const string Progress = "/progress.json";

    private readonly string _folder = $"{scope.Path}/";

    private BlobClient Latest => container.GetBlobClient($"{_folder}latest.json");

    /// <summary>The manifest of the newest snapshot; null if there is none.</summary>
    public async Task<JsonElement?> FindLatestAsync(CancellationToken cancellationToken)
    {
        try
        {
            var latest = await Latest.DownloadContentAsync(cancellationToken);
            return JsonElement.Parse(latest.Value.Content.ToMemory().Span);
        }
        catch (Exception failure) when (failure is JsonException or RequestFailedException { Status: 404 })
        {
            return null;
        }
    }

    /// <summary>Goes on with the snapshot that is begun, and when it is whole removes the oldest beyond those to be kept.</summary>
    /// <param name="keep">How many snapshots to keep.</param>
    /// <param name="lease">The run's, kept while it works.</param>
    /// <param name="budget">Cancelled when no more work may be begun.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it is whole.</returns>
    public async Task<bool> WriteAsync(int keep, SyncLease lease, CancellationToken budget, CancellationToken cancellationToken)
    {
        var begun = lease.State.SnapshotBegun!.Value.UtcDateTime;
        var folder = _folder + begun.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        // One that is whole may be read by now, if a run has died at the switch or after it: it stays as it is.
        if ((await FindManifestAsync(folder, cancellationToken)
            ?? await WriteFilesAsync(folder, lease, budget, cancellationToken)) is not { } manifest)
            return false;
        await SwitchAsync(manifest, lease, cancellationToken);
        await RemoveOldAsync(keep, folder, cancellationToken);
        return true;
    }

    /// <summary>Removes all snapshots.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        // First, so that nobody is sent to what is going.
        await Latest.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await RemoveAsync(await ListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Goes on with the files of a snapshot.</summary>
    /// <returns>The manifest; null if they are not whole yet.</returns>
    private async Task<BinaryData?> WriteFilesAsync(
        string folder, SyncLease lease, CancellationToken budget, CancellationToken cancellationToken)
    {
        var before = await FindProgressAsync(folder, cancellationToken);
        var cursor = CatalogueCursor.Write(changes.Name, ChangeFeed.KeyOf(changes.Horizon));
        var progress = before ?? new SnapshotProgress(cursor, "", 0, 0, [], [], HasEnded: false);
        var (segment, isNoted) = (new SnapshotSegment(container, records, scope.Resource), before is not null);
        while (!progress.HasEnded)
        {
            progress = await segment.WriteAsync(
                folder, lease.State.Fence, progress, () => lease.KeepAsync(cancellationToken), budget, cancellationToken);
            isNoted |= !progress.HasEnded || budget.IsCancellationRequested;
            if (isNoted)
                await container.GetBlobClient(folder + Progress).UploadAsync(
                    BinaryData.FromObjectAsJson(progress), overwrite: true, cancellationToken);
            if (budget.IsCancellationRequested)
                return null;
        }

        // A run that has lost its lease meanwhile ends here: what it has appear would take the place of what its successor has sent.
        await lease.SaveAsync(cancellationToken);
        var manifest = BinaryData.FromObjectAsJson(
            new
            {
                format = 1,
                site = scope.Site,
                resource = scope.Resource.Path,
                folder,
                records = progress.Records,
                sha256 = await CommitAsync(folder, progress, cancellationToken),
                time = lease.State.SnapshotBegun,
                incomplete = lease.State.Unread + progress.Lost,
                cursor = progress.Cursor,
            });
        await container.GetBlobClient(folder + Manifest).UploadAsync(manifest, overwrite: true, cancellationToken);
        return manifest;
    }

    /// <summary>Has the files appear.</summary>
    /// <returns>The hash of the records, as they can be read.</returns>
    private async Task<string> CommitAsync(string folder, SnapshotProgress progress, CancellationToken cancellationToken)
    {
        var (lines, cells) = (
            container.GetBlockBlobClient($"{folder}/records.ndjson.gz"),
            container.GetBlockBlobClient($"{folder}/records.csv"));
        await lines.CommitBlockListAsync(progress.Lines, new CommitBlockListOptions(), cancellationToken);
        await cells.CommitBlockListAsync(progress.Cells, new CommitBlockListOptions(), cancellationToken);
        await using var packed = await lines.OpenReadAsync(cancellationToken: cancellationToken);
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(unpacked, cancellationToken));
    }

    private async Task<BinaryData?> FindManifestAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            return (await container.GetBlobClient(folder + Manifest).DownloadContentAsync(cancellationToken)).Value.Content;
        }
        catch (RequestFailedException failure) when (failure.Status is 404)
        {
            return null;
        }
    }

    private async Task<SnapshotProgress?> FindProgressAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var found = await container.GetBlobClient(folder + Progress).DownloadContentAsync(cancellationToken);
            return found.Value.Content.ToObjectFromJson<SnapshotProgress>();
        }
        catch (Exception failure) when (failure is JsonException or RequestFailedException { Status: 404 })
        {
            return null;
        }
    }

    private async Task SwitchAsync(BinaryData manifest, SyncLease lease, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(Latest, cancellationToken);
        // A run that has lost its lease meanwhile ends here: what its successor writes stays.
        await lease.KeepAsync(cancellationToken);
        while (!await TrySwitchAsync(manifest, version, cancellationToken))
        {
            version = await VersionAsync(Latest, cancellationToken);
            await lease.SaveAsync(cancellationToken);
        }
    }

    /// <returns>False if it was switched meanwhile: by a run before this one that comes late, by a run after it, or by this very call,
    /// whose answer got lost.</returns>
    private async Task<bool> TrySwitchAsync(BinaryData manifest, ETag? version, CancellationToken cancellationToken)
    {
        try
        {
            var unchanged = version is { } etag
                ? new BlobRequestConditions { IfMatch = etag }
                : new BlobRequestConditions { IfNoneMatch = ETag.All };
            await Latest.UploadAsync(manifest, new BlobUploadOptions { Conditions = unchanged }, cancellationToken);
            return true;
        }
        catch (RequestFailedException refused)
            when (refused.ErrorCode == BlobErrorCode.BlobAlreadyExists || refused.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    }

    private static async Task<ETag?> VersionAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException failure) when (failure.Status is 404)
        {
            return null;
        }
    }

    /// <summary>
    /// Keeps the newest that are whole; the others up to the newest of these go, halves included, and what told how far that one had come.
    /// </summary>
    private async Task RemoveOldAsync(int keep, string newest, CancellationToken cancellationToken)
    {
        var names = await ListAsync(cancellationToken);
        var whole = names
            .Where(name => name.EndsWith(Manifest, StringComparison.Ordinal))
            .Select(FolderOf)
            .OrderDescending(StringComparer.Ordinal)
            .Take(keep)
            .ToList();
        await RemoveAsync(
            names.Where(name => name == newest + Progress
                || (!whole.Contains(FolderOf(name)) && string.CompareOrdinal(FolderOf(name), newest) < 0)),
            cancellationToken);
    }

    private ValueTask<List<string>> ListAsync(CancellationToken cancellationToken)
        => container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, _folder, cancellationToken)
            .Select(blob => blob.Name)
            .Where(name => OfFolder.Any(each => name.Contains(each, StringComparison.Ordinal)))
            .ToListAsync(cancellationToken);

    private async Task RemoveAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        RequestFailedException? failure = null;
        foreach (var name in names)
        {
            try
            {
                await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
            }
            catch (RequestFailedException refused)
            {
                // Try the others too: they may name a person whose data was erased.
                failure ??= refused;
            }
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static string FolderOf(string name) => name[..name.LastIndexOf('/')];
}
