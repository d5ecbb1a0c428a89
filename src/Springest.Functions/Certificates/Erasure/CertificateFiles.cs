using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>Removes files for good: with what lies beside them, their snapshots and their versions.</summary>
public sealed partial class CertificateFiles(FileMover mover)
{
    /// <summary>All files of a row, wherever they are.</summary>
    internal async Task RemoveAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        if (row.Blob.Length == 0)
            return;
        await foreach (var (container, name) in mover.ListFilesAsync(row, cancellationToken))
            await RemoveWithReportsAsync(container, name, cancellationToken);
    }

    /// <summary>A file, its sidecar and its reports.</summary>
    internal static async Task RemoveWithReportsAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        var beside = await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, name, cancellationToken)
            .Select(blob => blob.Name)
            .Where(other => other.Length > name.Length && Beside().IsMatch(other[name.Length..]))
            .ToListAsync(cancellationToken);
        foreach (var other in beside)
            await RemoveAsync(container, other, cancellationToken);
        // At last, so that a removal that is stopped finds the rest by it.
        await RemoveAsync(container, name, cancellationToken);
    }

    /// <summary>One blob.</summary>
    internal static async Task RemoveAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        await container.GetBlobClient(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, null, cancellationToken);
        var versions = container.GetBlobsAsync(BlobTraits.None, BlobStates.Version, name, cancellationToken);
        try
        {
            await foreach (var version in versions.Where(blob => blob.Name == name && blob.VersionId is not null))
                await container.GetBlobClient(name).WithVersion(version.VersionId).DeleteAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 403)
        {
            // Without the right to remove versions they go by their age (infra/modules/storage.bicep).
        }
    }

    // Of x.pdf: x.pdf.json, x.pdf.receipt.json, x.pdf.rejection.json, and a sidecar whose name was taken, x.pdf~0123456789ab.json.
    [GeneratedRegex(@"^(\.receipt|\.rejection|~[0-9a-f]{12})?\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex Beside();
}
