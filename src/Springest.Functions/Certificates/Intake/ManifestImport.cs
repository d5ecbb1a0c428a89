using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Looks after a manifest: it stays in the drop until each file that it names has come and gone, and then follows them with a report of
/// them all. Moved back, it is taken up again; what was accepted before counts as done.
/// </summary>
public sealed class ManifestImport(
    ManifestReader manifests,
    ManifestProgress progress,
    FileOutcomeRecorder recorder,
    DropContainer drop,
    Sentences sentences,
    IOptions<CertificatesOptions> options,
    TimeProvider time)
{
    /// <param name="file">The manifest, or what was meant as one.</param>
    /// <param name="row">Its row in the ledger, to begin with.</param>
    /// <param name="note">What is noted about it.</param>
    public async Task TendAsync(DroppedFile file, FileNoteEntity row, FileNoteEntity? note, CancellationToken cancellationToken)
    {
        if (!Manifest.IsNamed(file.FileName))
        {
            await RefuseAsync(file, row, [Problem.About(null, Reason.ManifestMisnamed, file.FileName)], cancellationToken);
            return;
        }

        if (await manifests.ReadAsync(file, cancellationToken) is not { } manifest)
            return;
        if (manifest.Problems.Count > 0)
        {
            await RefuseAsync(file, row, [.. manifest.Problems], cancellationToken);
            return;
        }

        if (await manifests.FindAsync(file.Path, cancellationToken) is { } first && first.Id != manifest.Id)
        {
            var second = Problem.About(null, Reason.ManifestTwoLists, first.FileName);
            await recorder.RefuseAsync(row, file, FileAssessment.Wrong(second), cancellationToken);
            return;
        }

        var notes = await progress.ReadAsync(row.PartitionKey, Manifest.NameFor(file.Name), cancellationToken);
        var wording = sentences.For(row.PartitionKey);
        var lines = manifest.Lines.Select(line => ReportOf(line, manifest.Id, notes, wording)).ToList();
        var open = manifest.Lines.Zip(lines).Count(line => line.Second.State == ManifestLineReport.Missing && line.First.CanCome);
        // Done under an earlier version. Such files may come anew, to be replaced, and then need the list.
        var old = manifest.Lines.Count(line => line.CanCome && !IsSeen(line, manifest, notes)) - open;
        var last = notes.Times.Append(file.Modified).Max();
        var patience = open > 0 ? options.Value.ManifestWait : old > 0 ? options.Value.MetadataWait : TimeSpan.Zero;
        if (last + patience > time.GetUtcNow() || await IsAtWorkAsync(file, manifest, notes, cancellationToken))
            await recorder.StayAsync(row, note, Problem.About(null, Reason.WaitingForFiles, open + old, lines.Count), cancellationToken);
        else
            await EndAsync(file, row, lines, manifest.Note, cancellationToken);
    }

    private async Task RefuseAsync(DroppedFile file, FileNoteEntity row, List<Problem> problems, CancellationToken cancellationToken)
    {
        // Before it leaves the drop, since its files wait for the next one.
        await progress.NoteRefusalAsync(row.PartitionKey, Manifest.NameFor(file.Name), cancellationToken);
        await recorder.RefuseAsync(row, file, FileAssessment.Wrong(problems), cancellationToken);
    }

    private static ManifestLineReport ReportOf(ManifestLine line, string manifest, ManifestNotes notes, Wording wording)
    {
        var (code, message) = line.Problems is [var problem, ..] ? (problem.Code, wording.Say(problem)) : (null, (string?)null);
        // What an earlier version of the manifest led to counts as long as it said the same, unless the file is to be tried again.
        return notes.Find(line) is { } note
            && (note.Manifest == manifest || (notes.IsOf(note, line) && note.State != SubmissionState.Rejected))
            ? new ManifestLineReport(
                line.Number,
                line.File,
                note.State.ToString().ToLowerInvariant(),
                note.Code,
                message,
                note.CertificateId)
            : new ManifestLineReport(line.Number, line.File, ManifestLineReport.Missing, code, message);
    }

    /// <summary>Whether this version has seen the file of a line to its end.</summary>
    private static bool IsSeen(ManifestLine line, Manifest manifest, ManifestNotes notes)
        => notes.Find(line)?.Manifest == manifest.Id;

    /// <summary>Whether a file that this version has not seen to its end is in the drop.</summary>
    private ValueTask<bool> IsAtWorkAsync(
        DroppedFile file, Manifest manifest, ManifestNotes notes, CancellationToken cancellationToken)
        => drop.ListFolderAsync(file.Path, cancellationToken)
            .Where(each => !each.IsFolder && DroppedFile.IsAddressable(each.Name))
            .AnyAsync(each => manifest.Find(each.FileName) is { } line && !IsSeen(line, manifest, notes), cancellationToken);

    private async Task EndAsync(
        DroppedFile file, FileNoteEntity row, List<ManifestLineReport> lines, Problem? remark, CancellationToken cancellationToken)
    {
        var (missing, refused) = (
            lines.Count(line => line.State == ManifestLineReport.Missing), lines.Count(line => line.State == ManifestLineReport.Rejected));
        var problem = missing > 0 ? Missing(missing, lines)
            : refused > 0 ? Problem.About(null, Reason.ManifestFilesRefused, refused, lines.Count)
            : null;
        (row.State, row.Code, row.Message, row.Values) = problem is null
            ? (SubmissionState.Accepted, null, null, null)
            : (
                SubmissionState.Rejected, problem.Code, sentences.For(row.PartitionKey).Say(problem),
                Problem.Pack([.. problem.Values]));
        await recorder.EndListAsync(file, row, lines, remark, cancellationToken);
    }

    private static Problem Missing(int count, List<ManifestLineReport> lines)
    {
        var first = lines.First(line => line.State == ManifestLineReport.Missing);
        return Problem.About(null, Reason.ManifestFilesMissing, count, lines.Count, first.File, first.Line);
    }
}
