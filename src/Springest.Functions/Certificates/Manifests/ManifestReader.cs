using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>
/// The manifests in the drop. Each is read once per change, however many files ask for it; what a file costs is a look at its version.
/// </summary>
public sealed class ManifestReader(CertificateContainers containers, DropContainer drop, ManifestParser parser) : IDisposable
{
    // More are seldom in use at the same time; one of them takes some 300 bytes a line.
    private const int MostKept = 16;

    private readonly ConcurrentDictionary<string, Manifest> _kept = new();
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>
    /// The manifest that counts in a folder now, or null: of two that can be read the one that came first, so that another that comes
    /// while files are on their way changes nothing of what they are.
    /// </summary>
    /// <param name="path">The folder with the slash at its end.</param>
    public async Task<Manifest?> FindAsync(string path, CancellationToken cancellationToken)
    {
        if (path.Length + Manifest.Workbook.Length > BlobNames.MaxLength)
            return null;
        DroppedFile?[] files =
        [
            await drop.FindAsync(path + Manifest.Csv, cancellationToken),
            await drop.FindAsync(path + Manifest.Workbook, cancellationToken),
        ];
        Manifest? refused = null;
        foreach (var file in files.OfType<DroppedFile>().OrderBy(file => file.Modified))
        {
            if (await ReadAsync(file, cancellationToken) is not { } manifest)
                continue;
            if (manifest.Problems.Count == 0)
                return manifest;
            refused ??= manifest;
        }

        return refused;
    }

    /// <summary>This version of a manifest; null if it is there no more.</summary>
    public async Task<Manifest?> ReadAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        if (Kept(file) is { } kept)
            return kept;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return Kept(file) ?? Keep(file, parser.Parse(file.Id, file.FileName, await DownloadAsync(file, cancellationToken)));
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            throw new BlobRefusedException(file.Name, e);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return null;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private Manifest? Kept(DroppedFile file) => _kept.TryGetValue(file.Name, out var kept) && kept.Id == file.Id ? kept : null;

    private Manifest Keep(DroppedFile file, Manifest manifest)
    {
        if (_kept.Count >= MostKept)
            _kept.Clear();
        return _kept[file.Name] = manifest;
    }

    private async Task<ReadOnlyMemory<byte>> DownloadAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        if (file.Size == 0)
            return default;
        var options = new BlobDownloadOptions
        {
            // One byte more than allowed, so that a larger one is noticed without being read.
            Range = new HttpRange(0, ManifestParser.MaxSize + 1),
            Conditions = new BlobRequestConditions { IfMatch = file.ETag },
        };
        return (await containers.Drop.GetBlobClient(file.Name).DownloadContentAsync(options, cancellationToken)).Value.Content.ToMemory();
    }
}
