using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Moves files out of the drop: a copy within the storage account, the report beside it, then the removal. Can be killed between any
/// two steps and repeated; nothing is removed before its copy is complete, and no file in the target is ever overwritten.
/// </summary>
public sealed class FileMover(CertificateContainers containers)
{
    // What the target's metadata says about the move.
    private const string StateMark = "springest_state";
    internal const string FileMark = "springest_file";
    private const string CertificateMark = "springest_id";

    private enum Copy
    {
        Done,
        SourceGone,
        PlaceTaken,
    }

    /// <summary>Moves a file whose last state is known to where that state belongs.</summary>
    public Task MoveAsync(DroppedFile file, LedgerRow outcome, CancellationToken cancellationToken)
        => MoveAsync(
            file, outcome, outcome.Report is { } said ? CertificateReport.FromJson(said) : CertificateReport.Of(outcome),
            cancellationToken);

    /// <summary>The same, with more in the report than the ledger has room for.</summary>
    public async Task MoveAsync(DroppedFile file, LedgerRow outcome, CertificateReport report, CancellationToken cancellationToken)
    {
        var (target, extension) = PlaceOf(outcome);
        var (name, marked) = NamesOf(file.Name, file.Id, extension);
        var marks = Marks(file, outcome);
        var copy = await CopyAsync(file, target.GetBlobClient(name), marks, cancellationToken);
        if (copy == Copy.PlaceTaken)
            copy = await CopyAsync(file, target.GetBlobClient(name = marked), marks, cancellationToken);
        if (copy == Copy.PlaceTaken)
            throw new InvalidOperationException($"The place of file {file.Id} is taken.");
        if (copy == Copy.SourceGone)
        {
            if (outcome.Report is not null)
                await ReportAsync(outcome, cancellationToken);
            return;
        }

        // The row of a stub does not say what its file is called; and a report that is there already says more.
        var complete = report with { File = file.Name, MovedTo = $"{target.Name}/{name}" };
        var beside = target.GetBlobClient(name + extension);
        if (outcome.Report is not null || await FindAsync(beside, cancellationToken) is null)
            await WriteAsync(beside, complete, cancellationToken);
        await MoveSidecarAsync(file, outcome, target, name, cancellationToken);
        await RemoveAsync(containers.Drop.GetBlobClient(file.Name), file.ETag, cancellationToken);
    }

    /// <summary>Removes a file that is nobody's.</summary>
    public Task DiscardAsync(DroppedFile file, CancellationToken cancellationToken)
        => RemoveAsync(containers.Drop.GetBlobClient(file.Name), file.ETag, cancellationToken);

    /// <summary>Writes the report of a file that is no longer in the drop: beside its copy, if it had come that far.</summary>
    public async Task ReportAsync(LedgerRow outcome, CancellationToken cancellationToken)
    {
        var (target, extension) = PlaceOf(outcome);
        var report = CertificateReport.FromJson(outcome.Report!);
        var copy = await FindCopyAsync(outcome, cancellationToken);
        if (copy is not null)
            report = report with { MovedTo = $"{target.Name}/{copy}" };
        var name = copy ?? NamesOf(outcome.Blob, outcome.FileId, extension).Marked;
        await WriteAsync(target.GetBlobClient(name + extension), report, cancellationToken);
    }

    /// <summary>What the copy of a file is called where it was moved to; null if it is not there, or not any more.</summary>
    public async Task<string?> FindCopyAsync(LedgerRow outcome, CancellationToken cancellationToken)
    {
        var (target, extension) = PlaceOf(outcome);
        var (own, marked) = NamesOf(outcome.Blob, outcome.FileId, extension);
        foreach (var name in (string[])[own, marked])
        {
            if (IsCopyOf(outcome.FileId, await FindAsync(target.GetBlobClient(name), cancellationToken)))
                return name;
        }

        return null;
    }

    /// <summary>Where the files of a row are, or what lies beside them: in the drop, and wherever they were moved to.</summary>
    internal async IAsyncEnumerable<(BlobContainerClient Container, string Name)> ListFilesAsync(
        LedgerRow row, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindAsync(containers.Drop.GetBlobClient(row.Blob), cancellationToken) is { } dropped
            && DroppedFile.From(row.Blob, dropped).Id == row.FileId)
            yield return (containers.Drop, row.Blob);
        foreach (var (target, extension) in ((BlobContainerClient, string)[])
            [(containers.Accepted, ReportNames.Receipt), (containers.Rejected, ReportNames.Rejection)])
        {
            var (own, marked) = NamesOf(row.Blob, row.FileId, extension);
            // A person may have put it back or removed it: what lay beside it is left.
            var found = await FindAsync(target.GetBlobClient(own), cancellationToken);
            if (found is null ? target == PlaceOf(row).Target : IsCopyOf(row.FileId, found))
                yield return (target, own);
            // Nobody else's, and its report may be there without it.
            if (marked != own)
                yield return (target, marked);
        }
    }

    /// <summary>The name that a file has in the target, and the one that it has if that is taken.</summary>
    private static (string Own, string Marked) NamesOf(string name, string fileId, string extension)
    {
        var marked = BlobNames.Mark(name, fileId[..12], extension.Length);
        // Beside a file called x.pdf.rejection, its sidecar would be called as the rejection of x.pdf is.
        var isFree = name.Length + extension.Length <= BlobNames.MaxLength && !RejectionSheets.IsReserved(name)
            && !ReportNames.IsOne($"{name}.json");
        return (isFree ? name : marked, marked);
    }

    private static bool IsCopyOf(string fileId, BlobProperties? blob)
        => blob is not null && blob.Metadata.TryGetValue(FileMark, out var id) && id == fileId;

    private (BlobContainerClient Target, string Extension) PlaceOf(LedgerRow outcome)
        => outcome.State == SubmissionState.Accepted
            ? (containers.Accepted, ReportNames.Receipt)
            : (containers.Rejected, ReportNames.Rejection);

    private static async Task WriteAsync(BlobClient blob, CertificateReport report, CancellationToken cancellationToken)
    {
        var json = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
        try
        {
            await blob.UploadAsync(report.ToJson(), json, cancellationToken);
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            throw new BlobRefusedException(blob.Name, e);
        }
    }

    private async Task<Copy> CopyAsync(
        DroppedFile file,
        BlobClient to,
        Dictionary<string, string> marks,
        CancellationToken cancellationToken)
    {
        var options = new BlobCopyFromUriOptions
        {
            Metadata = marks,
            SourceConditions = new BlobRequestConditions { IfMatch = file.ETag },
            DestinationConditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        var refusal = default(RequestFailedException);
        try
        {
            var source = containers.Drop.GetBlobClient(file.Name).Uri;
            await CompleteAsync(await to.StartCopyFromUriAsync(source, options, cancellationToken), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412 || BlobRefusedException.Is(e))
        {
            // Either this move has been here before, or the source is gone or not to be had, or the place is taken: look.
            refusal = BlobRefusedException.Is(e) ? e : null;
        }

        return await FindAsync(to, cancellationToken) switch
        {
            null => refusal is null ? Copy.SourceGone : throw new BlobRefusedException(file.Name, refusal),
            { } found when IsCopyOf(file.Id, found) => await VerifyAsync(to, found, file, cancellationToken),
            _ => Copy.PlaceTaken,
        };
    }

    // Copies within an account are nearly always complete when they are answered.
    private static async Task CompleteAsync(CopyFromUriOperation operation, CancellationToken cancellationToken)
    {
        if (!operation.GetRawResponse().Headers.TryGetValue("x-ms-copy-status", out var status) || status != "success")
            await operation.WaitForCompletionAsync(cancellationToken);
    }

    private static async Task<Copy> VerifyAsync(BlobClient to, BlobProperties found, DroppedFile file, CancellationToken cancellationToken)
    {
        if (found.CopyStatus is CopyStatus.Failed or CopyStatus.Aborted)
            await RemoveAsync(to, found.ETag, cancellationToken);
        return found.CopyStatus == CopyStatus.Success && found.ContentLength == file.Size
            ? Copy.Done
            : throw new InvalidOperationException($"The copy of file {file.Id} is not complete: {found.CopyStatus}.");
    }

    private async Task MoveSidecarAsync(
        DroppedFile file, LedgerRow outcome, BlobContainerClient target, string name, CancellationToken cancellationToken)
    {
        if (file.Sidecar.Length > BlobNames.MaxLength)
            return;
        var from = containers.Drop.GetBlobClient(file.Sidecar);
        if (await FindAsync(from, cancellationToken) is not { } found)
            return;
        var sidecar = DroppedFile.From(file.Sidecar, found);
        var (own, marked) = ($"{name}.json", BlobNames.Mark($"{name}.json", sidecar.Id[..12], roomBehind: 0));
        foreach (var place in (string[])[own, marked])
        {
            // Replaced just now, it belongs to a file to come, and stays.
            var copy = await CopyAsync(sidecar, target.GetBlobClient(place), Marks(sidecar, outcome), cancellationToken);
            if (copy == Copy.Done)
                await RemoveAsync(from, sidecar.ETag, cancellationToken);
            if (copy != Copy.PlaceTaken)
                return;
        }
    }

    private static async Task<BlobProperties?> FindAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            throw new BlobRefusedException(blob.Name, e);
        }
    }

    private static async Task RemoveAsync(BlobClient blob, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            await blob.DeleteAsync(
                DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = etag }, cancellationToken);
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            throw new BlobRefusedException(blob.Name, e);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // Gone already, or replaced by another file, which is not this move's business.
        }
    }

    private static Dictionary<string, string> Marks(DroppedFile file, LedgerRow outcome)
    {
        var marks = file.Metadata
            .Where(entry => !entry.Key.StartsWith("springest_", StringComparison.OrdinalIgnoreCase)
                || entry.Key.Equals(DroppedFile.UploaderMark, StringComparison.OrdinalIgnoreCase))
            .ToDictionary();
        marks[StateMark] = outcome.State.ToString().ToLowerInvariant();
        marks[FileMark] = file.Id;
        if (outcome is { State: SubmissionState.Accepted, CertificateId: { } id })
            marks[CertificateMark] = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return marks;
    }
}
