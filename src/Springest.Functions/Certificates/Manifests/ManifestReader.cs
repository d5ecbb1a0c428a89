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

    /// <summary>The manifest of this name as it is now, or null.</summary>
    public async Task<Manifest?> FindAsync(string name, CancellationToken cancellationToken)
        => name.Length <= BlobNames.MaxLength && await drop.FindAsync(name, cancellationToken) is { } file
            ? await ReadAsync(file, cancellationToken)
            : null;

    /// <summary>This version of a manifest; null if it is there no more.</summary>
    public async Task<Manifest?> ReadAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        if (Kept(file) is { } kept)
            return kept;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return Kept(file) ?? Keep(file, parser.Parse(file.Id, await DownloadAsync(file, cancellationToken)));
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
