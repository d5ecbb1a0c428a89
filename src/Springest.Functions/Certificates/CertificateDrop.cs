using Azure;
using Azure.Storage.Blobs.Models;

namespace Springest.Functions.Certificates;

/// <summary>The files in the drop.</summary>
public sealed class CertificateDrop(CertificateContainers containers)
{
    // Files up to this size are in memory once they were read: sending one cannot fail for want of the storage.
    private const int BufferSize = 1024 * 1024;

    /// <summary>The file of this name as it is now, or null.</summary>
    public async Task<DroppedFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return DroppedFile.From(name, await containers.Drop.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Every blob in the drop, sidecars included.</summary>
    public IAsyncEnumerable<BlobItem> ListAsync(CancellationToken cancellationToken)
        => containers.Drop.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancellationToken);

    /// <summary>The file's bytes. Can be read again from the start; fails with 404 or 412 once the file is removed or replaced.</summary>
    public Task<Stream> OpenAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        var options = new BlobOpenReadOptions(allowModifications: false)
        {
            BufferSize = (int)Math.Clamp(file.Size, 1, BufferSize),
            Conditions = new BlobRequestConditions { IfMatch = file.ETag },
        };
        return containers.Drop.GetBlobClient(file.Name).OpenReadAsync(options, cancellationToken);
    }
}
