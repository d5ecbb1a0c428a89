using System.Text.RegularExpressions;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>
/// Removes files for good: with what lies beside them, their snapshots and their versions, and the sheets that list them.
/// </summary>
public sealed partial class CertificateFiles(
    FileMover mover, CertificateContainers containers, CertificateLedger ledger, RejectionSheets sheets)
{
    /// <summary>All files of a row, wherever they are.</summary>
    internal async Task RemoveAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        if (row.Blob.Length == 0)
            return;
        await foreach (var (container, name) in mover.ListFilesAsync(row, cancellationToken))
            await RemoveAsync(container, name, name, cancellationToken);
        // Earlier versions of the sheets list it also after a person has taken it away.
        if (row.State != SubmissionState.Accepted)
            await sheets.RemoveAsync(BlobNames.FolderOf(row.Blob), cancellationToken);
        await RemoveVersionsAsync(row, cancellationToken);
    }

    /// <summary>The file that a sidecar or a report lies beside; the name itself if it is of a file, or of one that came alone.</summary>
    internal async Task<string> FileOfAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        DroppedFile.IsSidecar(name, out var file);
        if (container.Name != containers.Drop.Name)
            file = Beside().Replace(name, "");
        // A list may name other people too. A sidecar that was rejected alone has a report of its own; a file that has its name by now
        // may be another person's.
        if (file == name || Manifest.IsOne(file) || !DroppedFile.IsAddressable(file) || BlobNames.FileOf(file).Length == 0
            || await ListAsync(container, name, cancellationToken)
                .AnyAsync(blob => blob.Name == name + ReportNames.Rejection, cancellationToken))
            return name;
        if (container.Name == containers.Drop.Name)
            return file;
        var now = await ListAsync(container, file, cancellationToken)
            .Where(blob => (blob.Name == file || blob.Name == name) && IsLatest(blob))
            .ToDictionaryAsync(blob => blob.Name, blob => blob.Properties.LastModified, cancellationToken: cancellationToken);
        // What lies beside a file is written after it. What is older was left behind by another file of that name.
        return now.TryGetValue(name, out var written) && !(now.TryGetValue(file, out var moved) && written < moved) ? file : name;
    }

    /// <summary>A file, its sidecar and its reports; and the sheets that list it.</summary>
    /// <param name="container">Where it is.</param>
    /// <param name="file">The file.</param>
    /// <param name="foundBy">What tells of it: the file itself, or what lies beside it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether there was anything to remove.</returns>
    internal async Task<bool> RemoveAsync(
        BlobContainerClient container, string file, string foundBy, CancellationToken cancellationToken)
    {
        var blobs = await ListAsync(container, file, cancellationToken)
            .Where(blob => blob.Name == file || blob.Name == foundBy
                || Beside().Match(blob.Name[file.Length..]) is { Success: true, Index: 0 })
            .ToListAsync(cancellationToken);
        // What told of it may be gone since, and another person's file may have come.
        if (!blobs.Exists(blob => blob.Name == foundBy) && (blobs.Count == 0 || foundBy != file))
            return false;
        // Its row may not say whose it is: then nobody comes to the file by the row.
        if (foundBy != file
            && blobs.Find(blob => blob.Name == file && IsLatest(blob))?.Metadata.TryGetValue(FileMover.FileMark, out var id) == true
            && await ledger.FindRowAsync(ledger.SiteOf(file), id, cancellationToken) is { Blob.Length: > 0 } row)
            await RemoveVersionsAsync(row, cancellationToken);
        // What it was found by at last, so that a removal that is stopped finds the rest by it.
        var names = blobs.Select(blob => blob.Name).Distinct()
            .OrderBy(name => name == foundBy).ThenByDescending(name => name.Length).ToList();
        foreach (var name in names[..^1])
            await CertificateContainers.EraseAsync(container, name, cancellationToken);
        if (container.Name == containers.Rejected.Name)
            await sheets.RemoveAsync(BlobNames.FolderOf(file), cancellationToken);
        await CertificateContainers.EraseAsync(container, names[^1], cancellationToken);
        return true;
    }

    /// <summary>What the move of a file has left in the drop, where another person's file may have its name by now.</summary>
    private async Task RemoveVersionsAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        await foreach (var version in containers.Drop.GetBlobsAsync(BlobTraits.None, BlobStates.Version, row.Blob, cancellationToken)
            .Where(blob => blob.Name == row.Blob && blob.VersionId is not null && DroppedFile.From(blob).Id == row.FileId))
            await containers.Drop.GetBlobClient(row.Blob).WithVersion(version.VersionId)
                .DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private static bool IsLatest(BlobItem blob) => blob.VersionId is null || blob.IsLatestVersion is true;

    // Also of what is there as a version only, since a removal was stopped before.
    private static AsyncPageable<BlobItem> ListAsync(BlobContainerClient container, string prefix, CancellationToken cancellationToken)
        => container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.Version, prefix, cancellationToken);

    // Of x.pdf: x.pdf.json, x.pdf.receipt.json, x.pdf.rejection.json, and a sidecar whose name was taken, x.pdf~0123456789ab.json.
    [GeneratedRegex(@"(\.receipt|\.rejection|~[0-9a-f]{12})?\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex Beside();
}
