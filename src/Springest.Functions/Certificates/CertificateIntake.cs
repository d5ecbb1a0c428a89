using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates;

/// <summary>
/// Takes in the files of the drop: finds out what each is for, checks it, has it submitted, and moves it to where it belongs. May be
/// called for the same file any number of times, by any number of instances.
/// </summary>
public sealed partial class CertificateIntake(
    CertificateDrop drop,
    MetadataReader metadata,
    FieldChecks checks,
    CertificateLedger ledger,
    CertificateSubmitter submitter,
    CertificateMover mover,
    SpringestClients clients,
    Sentences sentences,
    IOptions<CertificatesOptions> options,
    CertificateMetrics metrics,
    TimeProvider time,
    ILogger<CertificateIntake> logger)
{
    /// <summary>Takes in the file of this name, or the file that this name is the sidecar of.</summary>
    /// <returns>False if there is no such file.</returns>
    public async Task<bool> TakeInAsync(string name, CancellationToken cancellationToken)
    {
        DroppedFile.IsSidecar(name, out var fileName);
        if (!DroppedFile.IsAddressable(fileName) || await drop.FindAsync(fileName, cancellationToken) is not { } file)
            return false;
        await TakeInAsync(file, cancellationToken);
        return true;
    }

    /// <summary>Takes in a file.</summary>
    public async Task TakeInAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        if (file.IsFolder)
            return;
        try
        {
            await RouteAsync(file, cancellationToken);
        }
        // Removed or replaced meanwhile: what is there now has a turn of its own.
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound || e.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            Log.Gone(logger, file.Id);
        }
    }

    private async Task RouteAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        var site = clients.Sites.FirstOrDefault(site => site.Equals(file.Folder, StringComparison.OrdinalIgnoreCase));
        var note = await ledger.FindFileAsync(site ?? CertificateLedger.NoSite, file, cancellationToken);
        if (note?.State is SubmissionState.Rejected or SubmissionState.Duplicate)
            await mover.MoveAsync(file, note, cancellationToken);
        else if (file.IsBeingWritten(time.GetUtcNow()))
            await WaitAsync(NewRow(file, site ?? CertificateLedger.NoSite), sentences.About(null, Reason.StillBeingWritten), cancellationToken);
        else if (site is null)
            await RefuseAsync(NewRow(file, CertificateLedger.NoSite), file, null,
                [sentences.About(null, Reason.UnknownSite, file.Folder, string.Join(", ", clients.Sites))], cancellationToken);
        else if (!(note?.Due > time.GetUtcNow()))
            await CheckAsync(file, NewRow(file, site), note, cancellationToken);
    }

    private async Task CheckAsync(DroppedFile file, CertificateSubmission row, CertificateSubmission? note, CancellationToken cancellationToken)
    {
        var (raw, illegible) = await metadata.ReadAsync(file, cancellationToken);
        if (raw is null && illegible is null && file.Modified + options.Value.MetadataWait > time.GetUtcNow())
        {
            await WaitAsync(row, sentences.About(null, Reason.WaitingForMetadata, file.Sidecar), cancellationToken);
            return;
        }

        var problems = new List<Problem>();
        if (illegible is not null)
            problems.Add(illegible);
        else if (raw is null)
            problems.Add(sentences.About(null, Reason.MetadataMissing, file.FileName + ".json"));
        var fields = raw is null ? null : checks.Check(raw, problems);
        if (fields is not null && await checks.CheckCertificationAsync(row.PartitionKey, fields, cancellationToken) is { } unfit)
        {
            if (unfit.Code == Reason.WaitingForCatalogue)
            {
                await WaitAsync(row, unfit, cancellationToken);
                return;
            }

            problems.Add(unfit);
        }

        if (CheckOutside(file) is { } unreadable)
            await RefuseAsync(row, file, raw, [.. problems, unreadable], cancellationToken);
        else
            await ReadAsync(file, row, note, raw, fields, problems, cancellationToken);
    }

    /// <summary>What is wrong with a file before it is read.</summary>
    private Problem? CheckOutside(DroppedFile file)
    {
        var allowed = options.Value.FileTypes.Split(',');
        return FileType.Of(file.Name) is not { } type || !allowed.Contains(type.Extension)
            ? sentences.About("file", Reason.FileTypeNotAllowed, Path.GetExtension(file.FileName), string.Join(", ", allowed))
            : file.Size == 0 ? sentences.About("file", Reason.FileEmpty)
            : file.Size > options.Value.MaxFileSize ? sentences.About("file", Reason.FileTooLarge, file.Size, options.Value.MaxFileSize)
            : null;
    }

    private async Task ReadAsync(
        DroppedFile file, CertificateSubmission row, CertificateSubmission? note, RawFields? raw, CertificateFields? fields, List<Problem> problems,
        CancellationToken cancellationToken)
    {
        await using var content = await drop.OpenAsync(file, cancellationToken);
        // A file that was noted with its hash has passed this before.
        row.ContentHash = note?.ContentHash;
        if (row.ContentHash is null)
        {
            var inspection = await FileInspection.ReadAsync(content, cancellationToken);
            row.ContentHash = inspection.Hash;
            if (inspection.FindProblem(FileType.Of(file.Name)!, options.Value.RefusedPdfFeatures) is { } code)
                problems.Add(sentences.About("file", code));
        }

        if (problems.Count > 0)
            await RefuseAsync(row, file, raw, problems, cancellationToken);
        else
            await SubmitAsync(file, row, note, fields!, content, cancellationToken);
    }

    private async Task SubmitAsync(
        DroppedFile file, CertificateSubmission row, CertificateSubmission? note, CertificateFields fields, Stream content, CancellationToken cancellationToken)
    {
        row.RowKey = fields.KeyWith(row.ContentHash!);
        (row.CertificationId, row.Email, row.BookingId) = (fields.CertificationId, fields.Email, fields.BookingId);
        (row.ValidFrom, row.ValidUntil) = (CertificateFields.Text(fields.ValidFrom), CertificateFields.Text(fields.ValidUntil));

        var submission = await submitter.SubmitAsync(row, content, cancellationToken);
        if (submission.State == SubmissionState.Accepted && submission.FileId != file.Id)
            await SetAsideAsync(file, NewRow(file, row.PartitionKey), submission, cancellationToken);
        else if (submission.State is SubmissionState.Accepted or SubmissionState.Rejected)
            await FinishAsync(file, submission, note, cancellationToken);
        else
            await LinkAsync(NewRow(file, row.PartitionKey), submission, cancellationToken);
    }

    private async Task FinishAsync(DroppedFile file, CertificateSubmission submission, CertificateSubmission? note, CancellationToken cancellationToken)
    {
        await mover.MoveAsync(file, submission, cancellationToken);
        if (submission.Unreported)
            await ledger.CloseAsync(submission, cancellationToken);
        if (note is not null)
            await ledger.ForgetFileAsync(note.PartitionKey, note.FileId, cancellationToken);
    }

    private Task LinkAsync(CertificateSubmission link, CertificateSubmission submission, CancellationToken cancellationToken)
    {
        (link.State, link.Submission, link.ContentHash) = (SubmissionState.Linked, submission.RowKey, submission.ContentHash);
        link.Due = submission.State == SubmissionState.Submitting ? null : submission.Due;
        return ledger.NoteFileAsync(link, cancellationToken);
    }

    private async Task SetAsideAsync(DroppedFile file, CertificateSubmission row, CertificateSubmission first, CancellationToken cancellationToken)
    {
        var problem = sentences.About(null, Reason.Duplicate, first.Blob, first.CertificateId);
        (row.State, row.Code, row.Message, row.Submission) = (SubmissionState.Duplicate, problem.Code, problem.Message, first.RowKey);
        (row.ContentHash, row.CertificateId) = (first.ContentHash, first.CertificateId);
        row.Report = (CertificateReport.Of(row) with { Submission = first.RowKey }).ToJson().ToString();
        await ledger.NoteFileAsync(row, cancellationToken);
        metrics.Ended(row);
        Log.SetAside(logger, row.PartitionKey, file.Id, first.RowKey[..12]);
        await mover.MoveAsync(file, row, cancellationToken);
    }

    private async Task RefuseAsync(
        CertificateSubmission row, DroppedFile file, RawFields? raw, List<Problem> problems, CancellationToken cancellationToken)
    {
        (row.State, row.Code, row.Message) = (SubmissionState.Rejected, problems[0].Code, string.Join(" ", problems.Select(problem => problem.Message)));
        row.Report = (CertificateReport.Of(row) with
        {
            Message = problems[0].Message,
            Problems = problems,
            CertificationId = Shorten(raw?.CertificationId),
            Email = Shorten(raw?.Email),
            ValidFrom = Shorten(raw?.ValidFrom),
            ValidUntil = Shorten(raw?.ValidUntil),
            BookingId = Shorten(raw?.BookingId),
        }).ToJson().ToString();
        await ledger.NoteFileAsync(row, cancellationToken);
        metrics.Ended(row);
        Log.Refused(logger, row.PartitionKey, file.Id, row.Code);
        await mover.MoveAsync(file, row, cancellationToken);
    }

    private Task WaitAsync(CertificateSubmission row, Problem reason, CancellationToken cancellationToken)
    {
        (row.State, row.Code, row.Message) = (SubmissionState.Waiting, reason.Code, reason.Message);
        return ledger.NoteFileAsync(row, cancellationToken);
    }

    private CertificateSubmission NewRow(DroppedFile file, string site) => new()
    {
        PartitionKey = site,
        Blob = file.Name,
        FileId = file.Id,
        Size = file.Size,
        Received = time.GetUtcNow(),
        Updated = time.GetUtcNow(),
    };

    private static string? Shorten(string? text) => text is { Length: > 300 } ? text[..300] : text;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "File {File} was removed or replaced while it was worked on")]
        public static partial void Gone(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Information, Message = "File {File} of {Site} is refused: {Code}")]
        public static partial void Refused(ILogger logger, string site, string file, string code);

        [LoggerMessage(Level = LogLevel.Information, Message = "File {File} of {Site} is a duplicate of submission {Key}")]
        public static partial void SetAside(ILogger logger, string site, string file, string key);
    }
}
