using Microsoft.Extensions.Logging;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Writes down what a file has come to, and puts it where it belongs. The manifest that named it learns it first, then the ledger; the
/// file leaves the drop last, so that whoever dies on the way is followed by somebody who finds the file and does it again. Of several
/// instances with a file the one goes on that writes its note; for the others it has its next turn.
/// </summary>
public sealed partial class FileOutcomeRecorder(
    CertificateLedger ledger,
    FileMover mover,
    ManifestProgress manifests,
    CertificateMetrics metrics,
    Sentences sentences,
    TimeProvider time,
    ILogger<FileOutcomeRecorder> logger)
{
    /// <summary>The row of a file in the ledger, to begin with.</summary>
    /// <param name="note">The row that it is to replace, if there is one.</param>
    public SubmissionEntity NewRow(DroppedFile file, string site, SubmissionEntity? note) => new()
    {
        PartitionKey = site,
        Blob = file.Name,
        FileId = file.Id,
        Size = file.Size,
        Received = time.GetUtcNow(),
        Updated = time.GetUtcNow(),
        IndexNames = note?.IndexNames,
        ETag = note?.ETag ?? default,
    };

    /// <summary>It has to wait.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="note">What is noted about it; nothing is written if that is the same.</param>
    /// <param name="reason">What for.</param>
    public async Task WaitAsync(SubmissionEntity row, SubmissionEntity? note, Problem reason, CancellationToken cancellationToken)
    {
        if (note is { State: SubmissionState.Waiting } && (note.Code, note.Message) == (reason.Code, reason.Message))
            return;
        (row.State, row.Code, row.Message) = (SubmissionState.Waiting, reason.Code, reason.Message);
        await ledger.TryNoteFileAsync(row, cancellationToken);
    }

    /// <summary>Its state is a submission's, which has not come to an end.</summary>
    public Task LinkAsync(SubmissionEntity link, SubmissionEntity submission, CancellationToken cancellationToken)
    {
        (link.State, link.Submission, link.ContentHash) = (SubmissionState.Linked, submission.RowKey, submission.ContentHash);
        link.Due = submission.State == SubmissionState.Submitting ? null : submission.Due;
        return ledger.TryNoteFileAsync(link, cancellationToken);
    }

    /// <summary>Its submission has come to an end.</summary>
    public async Task FinishAsync(
        DroppedFile file, SubmissionEntity submission, SubmissionEntity? note, FileMetadata said, CancellationToken cancellationToken)
    {
        await TellManifestAsync(file, said, submission, cancellationToken);
        await MoveAsync(file, submission, cancellationToken);
        if (note is not null)
            await ledger.ForgetFileAsync(note, cancellationToken);
    }

    /// <summary>The same was submitted before.</summary>
    public async Task SetAsideAsync(
        DroppedFile file, SubmissionEntity row, SubmissionEntity first, FileMetadata said, CancellationToken cancellationToken)
    {
        var problem = sentences.AboutDuplicate(first);
        (row.State, row.Code, row.Message, row.Submission) = (SubmissionState.Duplicate, problem.Code, problem.Message, first.RowKey);
        (row.ContentHash, row.CertificateId) = (first.ContentHash, first.CertificateId);
        row.Report = (CertificateReport.Of(row) with { Submission = first.RowKey }).ToJson().ToString();
        await TellManifestAsync(file, said, row, cancellationToken);
        row.Unreported = true;
        if (!await ledger.TryNoteFileAsync(row, cancellationToken))
            return;
        metrics.Ended(row);
        Log.SetAside(logger, row.PartitionKey, file.Id, first.RowKey[..12]);
        await MoveAsync(file, row, cancellationToken);
    }

    /// <summary>It is refused by our checks.</summary>
    public async Task RefuseAsync(
        SubmissionEntity row, DroppedFile file, FileMetadata said, List<Problem> problems, CancellationToken cancellationToken)
    {
        (row.State, row.Code, row.Message) = (
            SubmissionState.Rejected,
            problems[0].Code,
            string.Join(" ", problems.Select(problem => problem.Message)));
        row.Report = (
            CertificateReport.Of(row) with
            {
                Message = problems[0].Message,
                Problems = problems,
                CertificationId = Shorten(said.Fields?.CertificationId),
                Certification = Shorten(said.Fields?.Certification),
                Email = Shorten(said.Fields?.Email),
                ValidFrom = Shorten(said.Fields?.ValidFrom),
                ValidUntil = Shorten(said.Fields?.ValidUntil),
                BookingId = Shorten(said.Fields?.BookingId),
            })
            .ToJson()
            .ToString();
        await TellManifestAsync(file, said, row, cancellationToken);
        row.Unreported = true;
        if (!await ledger.TryNoteFileAsync(row, cancellationToken))
            return;
        metrics.Ended(row);
        Log.Refused(logger, row.PartitionKey, file.Id, row.Code);
        await MoveAsync(file, row, cancellationToken);
    }

    /// <summary>It has come to an end: out of the drop with it.</summary>
    public async Task MoveAsync(DroppedFile file, SubmissionEntity outcome, CancellationToken cancellationToken)
    {
        await mover.MoveAsync(file, outcome, cancellationToken);
        if (outcome.Unreported)
            await ledger.CloseAsync(outcome, cancellationToken);
    }

    private Task TellManifestAsync(DroppedFile file, FileMetadata said, SubmissionEntity outcome, CancellationToken cancellationToken)
        => said.Source is { } source ? manifests.NoteAsync(file, source, outcome, cancellationToken) : Task.CompletedTask;

    private static string? Shorten(string? text) => text is null ? null : StoredText.Cut(text, 300);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "File {File} of {Site} is refused: {Code}")]
        public static partial void Refused(ILogger logger, string site, string file, string code);

        [LoggerMessage(Level = LogLevel.Information, Message = "File {File} of {Site} is a duplicate of submission {Key}")]
        public static partial void SetAside(ILogger logger, string site, string file, string key);
    }
}
