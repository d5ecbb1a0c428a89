using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Writes down what a file has come to, and puts it where it belongs. The manifest that named it learns it first, then the ledger; the
/// file leaves the drop last, so that whoever dies on the way is followed by somebody who finds the file and does it again. Of several
/// instances with a file the one goes on that writes its row; for the others it has its next turn.
/// </summary>
public sealed class FileOutcomeRecorder(
    CertificateLedger ledger,
    LedgerKeys keys,
    TimeProvider clock,
    FileMover mover,
    ManifestProgress manifests,
    RejectionCloser rejections,
    Sentences sentences,
    SubmissionLog log)
{
    // What a column of the row can hold.
    private const int MostLetters = 32_000;

    /// <summary>Whether a file has come to an end, so that it leaves the drop.</summary>
    public static bool IsAtEnd(LedgerRow row)
        => row.State is SubmissionState.Accepted or SubmissionState.Rejected or SubmissionState.Duplicate or SubmissionState.Replaced;

    /// <summary>The row of a file in the ledger, to begin with.</summary>
    /// <param name="note">The row that it is to replace, if there is one.</param>
    public FileNoteEntity NewNote(DroppedFile file, string site, FileNoteEntity? note)
    {
        var row = new FileNoteEntity
        {
            PartitionKey = site,
            RowKey = file.Id,
            Blob = file.Name,
            Size = file.Size,
            Received = note?.Received ?? clock.GetUtcNow(),
            Updated = clock.GetUtcNow(),
        };
        row.TakePlaceOf(note);
        return row;
    }

    /// <summary>The submission that a file becomes.</summary>
    public async Task<SubmissionEntity> NewSubmissionAsync(FileNoteEntity note, FileAssessment found, CancellationToken cancellationToken)
    {
        var row = new SubmissionEntity
        {
            PartitionKey = note.PartitionKey,
            RowKey = note.RowKey,
            Blob = note.Blob,
            Size = note.Size,
            Received = note.Received,
            Updated = clock.GetUtcNow(),
            State = SubmissionState.Ready,
            ContentHash = found.ContentHash,
            ClosedBy = await rejections.LinesOfAsync(note.Blob, found.Said, cancellationToken),
        };
        Fill(row, found.Fields!, found.Said.Source, await keys.GetAsync(cancellationToken));
        row.TakePlaceOf(note);
        return row;
    }

    /// <summary>Puts into a submission of which a copy of the ledger had the stub only what its file says anew.</summary>
    /// <returns>False if that is another certificate, or none.</returns>
    public async Task<bool> TryCompleteAsync(
        SubmissionEntity row, DroppedFile file, FileAssessment found, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        if (found.Fields is not { } fields || found.Problems.Count > 0 || key.Person(fields.Email) != row.Person
            || fields.CertificationId != row.CertificationId || CertificateFields.Text(fields.ValidFrom) != row.ValidFrom)
            return false;
        Fill(row, fields, found.Said.Source, key);
        (row.Blob, row.Size) = (file.Name, file.Size);
        return await ledger.TryUpdateAsync(row, cancellationToken);
    }

    /// <summary>A program has left it by itself, or this app wrote it, and nobody misses it.</summary>
    public Task DiscardAsync(DroppedFile file, CancellationToken cancellationToken) => mover.DiscardAsync(file, cancellationToken);

    /// <summary>Storage does not hand it over, or does not let go of it: a person has to look.</summary>
    public async Task NoteStuckAsync(DroppedFile file, string site, BlobRefusedException refusal, CancellationToken cancellationToken)
    {
        if (await ledger.FindRowAsync(site, file.Id, cancellationToken) is { } row)
        {
            await NoteStuckAsync(row, refusal, cancellationToken);
            return;
        }

        var (note, stuck) = (NewNote(file, site, null), Problem.Pack(refusal.FileName, refusal.Code));
        (note.State, note.Code, note.Values, note.Stuck) = (SubmissionState.Waiting, Reason.StorageRefusesFile, stuck, stuck);
        note.Message = sentences.For(site).Say(Reason.StorageRefusesFile, refusal.FileName, refusal.Code);
        await ledger.TryWriteAsync(note, cancellationToken);
    }

    /// <summary>The same of a file, or its report, whose row there is.</summary>
    public async Task NoteStuckAsync(LedgerRow row, BlobRefusedException refusal, CancellationToken cancellationToken)
    {
        var stuck = Problem.Pack(refusal.FileName, refusal.Code);
        if (row.Stuck == stuck)
            return;
        row.Stuck = stuck;
        await ledger.TryUpdateAsync(row, cancellationToken);
    }

    /// <summary>It has to wait.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="note">What is noted about it; nothing is written if that is the same.</param>
    /// <param name="reason">What for.</param>
    /// <param name="state">Held, if it waits until a person has done something about it.</param>
    public async Task StayAsync(
        FileNoteEntity row, FileNoteEntity? note, Problem reason, CancellationToken cancellationToken,
        SubmissionState state = SubmissionState.Waiting)
    {
        var message = sentences.For(row.PartitionKey).Say(reason);
        if (note is { Stuck: null } && (note.State, note.Code, note.Message) == (state, reason.Code, message))
            return;
        (row.State, row.Code, row.Message, row.Values) = (
            state, reason.Code, message, Problem.Pack([.. reason.Values]));
        await ledger.TryWriteAsync(row, cancellationToken);
    }

    /// <summary>Its submission has come to an end.</summary>
    public async Task FinishAsync(DroppedFile file, SubmissionEntity submission, CancellationToken cancellationToken)
    {
        if (submission is { Manifest: { } manifest, Line: { } line })
            await manifests.NoteAsync(file.Name, manifest, line, submission, cancellationToken);
        if (submission is { State: SubmissionState.Accepted, Unreported: true })
            await rejections.AcceptedAsync(submission, cancellationToken);
        await MoveAsync(file, submission, cancellationToken);
    }

    /// <summary>It is refused by our checks.</summary>
    public async Task RefuseAsync(FileNoteEntity row, DroppedFile file, FileAssessment found, CancellationToken cancellationToken)
    {
        var problems = found.Problems.Take(Problem.Most).Select(sentences.For(row.PartitionKey).Word).ToList();
        (row.State, row.Code, row.Message, row.Values, row.ContentHash) = (
            SubmissionState.Rejected,
            problems[0].Code,
            string.Join(" ", problems.Select(problem => problem.Message)),
            Problem.Pack([.. problems[0].Values]),
            found.ContentHash);
        var said = found.Said.Fields;
        var report = CertificateReport.Of(row) with
        {
            Message = problems[0].Message,
            Problems = problems,
            CertificationId = Shorten(said?.CertificationId),
            Certification = Shorten(said?.Certification),
            Email = Shorten(said?.Email),
            ValidFrom = Shorten(said?.ValidFrom),
            ValidUntil = Shorten(said?.ValidUntil),
            BookingId = Shorten(said?.BookingId),
        };
        // JSON may write six letters for one.
        while ((row.Report = report.ToJson().ToString()).Length > MostLetters && problems.Count > 0)
            problems.RemoveAt(problems.Count - 1);
        await TellManifestAsync(file, found.Said, row, cancellationToken);
        (row.Unreported, row.Unhandled) = (true, true);
        row.ClosedBy = await rejections.HashesOfAsync(file, found, cancellationToken);
        if (!await ledger.TryWriteAsync(row, cancellationToken))
            return;
        log.Refused(row);
        await MoveAsync(file, row, cancellationToken);
    }

    /// <summary>It is a list, and all its files have come and gone, or do not come.</summary>
    public async Task EndListAsync(
        DroppedFile file, FileNoteEntity row, IReadOnlyList<ManifestLineReport> lines, Problem? remark, CancellationToken cancellationToken)
    {
        var report = CertificateReport.Of(row) with { Note = remark is null ? null : sentences.For(row.PartitionKey).Word(remark) };
        row.Report = report.ToJson().ToString();
        var isDone = row.State != SubmissionState.Rejected;
        if (isDone)
        {
            // Before it is moved: nobody comes back to a list that is gone from the drop.
            await rejections.ListDoneAsync(row, cancellationToken);
        }
        else
        {
            row.Unhandled = true;
            row.ClosedBy = await rejections.HashesOfAsync(file, FileAssessment.Wrong(), cancellationToken);
            if (!await ledger.TryWriteAsync(row, cancellationToken))
                return;
        }

        log.ListEnded(row, lines);
        await mover.MoveAsync(file, row, report with { Lines = lines }, cancellationToken);
        // The files have rows of their own; one more for the list of them would only be counted twice.
        if (isDone && row.ETag != default)
            await ledger.ForgetNoteAsync(row, cancellationToken);
    }

    /// <summary>It has come to an end: out of the drop with it.</summary>
    public async Task MoveAsync(DroppedFile file, LedgerRow outcome, CancellationToken cancellationToken)
    {
        await mover.MoveAsync(file, outcome, cancellationToken);
        if (outcome.Unreported)
            await ledger.CloseAsync(outcome, cancellationToken);
    }

    /// <summary>The same if it is no longer in the drop.</summary>
    public async Task ReportAsync(LedgerRow outcome, CancellationToken cancellationToken)
    {
        if (outcome is SubmissionEntity { State: SubmissionState.Accepted } accepted)
            await rejections.AcceptedAsync(accepted, cancellationToken);
        // Nobody knows where the report of a stub belongs.
        if (outcome.Blob.Length > 0)
            await mover.ReportAsync(outcome, cancellationToken);
        await ledger.CloseAsync(outcome, cancellationToken);
    }

    private async Task TellManifestAsync(DroppedFile file, FileMetadata said, LedgerRow outcome, CancellationToken cancellationToken)
    {
        if (said.Source is { } source)
            await manifests.NoteAsync(
                file.Name, source.List.Id, source.HashOf(await keys.GetAsync(cancellationToken)), outcome, cancellationToken);
    }

    private static void Fill(SubmissionEntity row, CertificateFields fields, ManifestSource? source, LedgerKey key)
    {
        fields.PutInto(row, key);
        (row.Manifest, row.Line) = (source?.List.Id, source?.HashOf(key));
    }

    private static string? Shorten(string? text) => text is null ? null : StoredText.Cut(text, 300);
}
