using Azure;
using Azure.Storage.Blobs.Models;

namespace Springest.Functions.Certificates.Drop;

/// <summary>The files in the drop.</summary>
public sealed class DropContainer(CertificateContainers containers)
{
    // A page of the drop's list is in memory as a whole, several times over while it is parsed.
    private const int PageSize = 250;

    /// <summary>The file of this name as it is now, or null.</summary>
    public async Task<DroppedFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // A submission of which only a stub is left does not say what its file was called.
        if (name.Length == 0)
            return null;
        // No request can name it, but a list does.
        if (!DroppedFile.IsAddressable(name))
            return await containers.Drop.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, name, cancellationToken)
                .Where(blob => blob.Name == name).Select(DroppedFile.From).FirstOrDefaultAsync(cancellationToken);
        try
        {
            return DroppedFile.From(
                name,
                await containers.Drop.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            throw new BlobRefusedException(name, e);
        }
    }

    /// <summary>Every blob in the drop, sidecars included.</summary>
    public IAsyncEnumerable<DroppedFile> ListAsync(CancellationToken cancellationToken)
        => containers.Drop.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancellationToken)
            .AsPages(pageSizeHint: PageSize)
            .SelectMany(page => page.Values)
            .Select(DroppedFile.From);

    /// <summary>Every blob right in a folder of the drop, sidecars included.</summary>
    /// <param name="path">The folder with the slash at its end.</param>
    public IAsyncEnumerable<DroppedFile> ListFolderAsync(string path, CancellationToken cancellationToken)
        => containers.Drop.GetBlobsByHierarchyAsync(BlobTraits.Metadata, BlobStates.None, "/", path, cancellationToken)
            .AsPages(pageSizeHint: PageSize)
            .SelectMany(page => page.Values)
            .Where(item => item.IsBlob)
            .Select(item => DroppedFile.From(item.Blob));

    /// <summary>The file's bytes, which are yet to be fetched.</summary>
    internal BufferedBlobStream Open(DroppedFile file) => new(containers.Drop.GetBlobClient(file.Name), file);
}
