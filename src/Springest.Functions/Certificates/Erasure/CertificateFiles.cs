using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>Removes files for good: with what lies beside them, their snapshots and their versions.</summary>
public sealed partial class CertificateFiles(FileMover mover, CertificateContainers containers)
{
    /// <summary>All files of a row, wherever they are.</summary>
    internal async Task RemoveAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        if (row.Blob.Length == 0)
            return;
        await foreach (var (container, name) in mover.ListFilesAsync(row, cancellationToken))
            await RemoveAsync(container, name, cancellationToken);
        // What its move has left in the drop, where another person's file may have its name by now.
        await foreach (var version in containers.Drop.GetBlobsAsync(BlobTraits.None, BlobStates.Version, row.Blob, cancellationToken)
            .Where(blob => blob.Name == row.Blob && blob.VersionId is not null && DroppedFile.From(blob).Id == row.FileId))
            await containers.Drop.GetBlobClient(row.Blob).WithVersion(version.VersionId)
                .DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>A file, its sidecar and its reports.</summary>
    /// <returns>Whether there was anything to remove.</returns>
    internal static async Task<bool> RemoveAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        // Also of what is there as a version only, since a removal was stopped before.
        var names = await container.GetBlobsAsync(BlobTraits.None, BlobStates.Version, name, cancellationToken)
            .Select(blob => blob.Name)
            .Where(other => other == name || Beside().IsMatch(other[name.Length..]))
            .Distinct()
            .ToListAsync(cancellationToken);
        // The file at last, so that a removal that is stopped finds the rest by it.
        foreach (var other in names.OrderByDescending(other => other.Length))
        {
            await container.GetBlobClient(other).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, null, cancellationToken);
            await foreach (var version in container.GetBlobsAsync(BlobTraits.None, BlobStates.Version, other, cancellationToken)
                .Where(blob => blob.Name == other && blob.VersionId is not null))
                await container.GetBlobClient(other).WithVersion(version.VersionId).DeleteAsync(cancellationToken: cancellationToken);
        }

        return names.Count > 0;
    }

    // Of x.pdf: x.pdf.json, x.pdf.receipt.json, x.pdf.rejection.json, and a sidecar whose name was taken, x.pdf~0123456789ab.json.
    [GeneratedRegex(@"^(\.receipt|\.rejection|~[0-9a-f]{12})?\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex Beside();
}
