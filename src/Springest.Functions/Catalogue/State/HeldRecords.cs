using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.State;

/// <summary>The ids of the records that were missing when deletes were put on hold: a blob beside those of the records.</summary>
internal sealed class HeldRecords(BlobContainerClient container, MirrorScope scope)
{
    private readonly BlobClient _blob = container.GetBlobClient($"{scope.Path}/held.json");

    /// <summary>What a pass found missing; nothing if another one is written.</summary>
    /// <param name="pass">When it began.</param>
    public async Task<IReadOnlySet<long>> ReadAsync(DateTimeOffset? pass, CancellationToken cancellationToken)
    {
        if (pass is null)
            return new HashSet<long>();
        try
        {
            var held = (await _blob.DownloadContentAsync(cancellationToken)).Value.Content.ToObjectFromJson<Held>();
            return held?.Pass == pass ? held!.Ids : new HashSet<long>();
        }
        catch (Exception failure) when (failure is JsonException or RequestFailedException { Status: 404 })
        {
            return new HashSet<long>();
        }
    }

    public Task WriteAsync(DateTimeOffset pass, IEnumerable<long> ids, CancellationToken cancellationToken)
        => _blob.UploadAsync(BinaryData.FromObjectAsJson(new Held(pass, [.. ids])), overwrite: true, cancellationToken);

    private sealed record Held(DateTimeOffset Pass, HashSet<long> Ids);
}
