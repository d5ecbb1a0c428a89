using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Takes in the files of the drop: finds out what each is for, checks it, has it submitted, and moves it to where it belongs. May be
/// called for the same file any number of times, by any number of instances.
/// </summary>
public sealed partial class CertificateImport(
    DropContainer drop,
    MetadataReader metadata,
    MetadataWaitPolicy patience,
    FieldValidator checks,
    CertificateLedger ledger,
    CertificateSubmitter submitter,
    FileOutcomeRecorder filing,
    ManifestImport manifests,
    SpringestClients clients,
    Sentences sentences,
    IOptions<CertificatesOptions> options,
    TimeProvider time,
    ILogger<CertificateImport> logger)
{
    // The host repeats a try that failed at once, four times. The sweep comes once a minute.
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    // When the announced files failed that were tried lately.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new();

    // Files at work in this instance. Whoever comes second waits, and mostly finds nothing left to do or to read.
    private readonly ConcurrentDictionary<string, Task> _atWork = new();

    /// <summary>Takes in the file that an event has announced. If that fails, further tries are the sweep's.</summary>
    public async Task TakeInAnnouncedAsync(string name, CancellationToken cancellationToken)
    {
        if (_failed.TryGetValue(name, out var last) && time.GetUtcNow() - last < _pause)
            return;
        try
        {
            await TakeInAsync(name, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            foreach (var (old, _) in _failed.Where(failure => now - failure.Value >= _pause))
                _failed.TryRemove(old, out _);
            _failed[name] = now;
            throw;
        }
    }

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
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_atWork.GetOrAdd(file.Id, done.Task) is var other && other != done.Task)
            await other.WaitAsync(cancellationToken);
        try
        {
            await RouteAsync(file, cancellationToken);
        }
        // Removed or replaced meanwhile: what is there now has a turn of its own.
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound || e.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            Log.Gone(logger, file.Id);
        }
        finally
        {
            _atWork.TryRemove(file.Id, out _);
            done.SetResult();
        }
    }

    private async Task RouteAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        var site = clients.Find(file.Folder);
        var note = await ledger.FindFileAsync(site ?? CertificateLedger.NoSite, file.Id, cancellationToken);
        var row = filing.NewRow(file, site ?? CertificateLedger.NoSite, note);
        if (note?.State is SubmissionState.Rejected or SubmissionState.Duplicate && !Manifest.IsOne(file.Name))
            await filing.MoveAsync(file, note, cancellationToken);
        else if (note?.State != SubmissionState.Linked && file.IsBeingWritten(time.GetUtcNow()))
            await filing.WaitAsync(row, note, sentences.About(null, Reason.StillBeingWritten), cancellationToken);
        else if (DroppedFile.IsSidecar(file.Name, out var owner))
            await TakeInSidecarAsync(file, row, owner, cancellationToken);
        else if (site is null)
            await filing.RefuseAsync(
                row,
                file,
                FileMetadata.None,
                [sentences.About(null, Reason.UnknownSite, file.Folder, string.Join(", ", clients.Sites))],
                cancellationToken);
        else if (Manifest.IsOne(file.Name))
            await manifests.TendAsync(file, row, note, cancellationToken);
        else if (!(note?.Due > time.GetUtcNow()))
            await CheckAsync(file, row, note, cancellationToken);
    }

    /// <summary>A sidecar that has waited for its file long enough.</summary>
    private async Task TakeInSidecarAsync(DroppedFile sidecar, SubmissionEntity row, string file, CancellationToken cancellationToken)
    {
        var isName = DroppedFile.IsAddressable(file) && file.Length > 0 && !file.EndsWith('/');
        if (!isName || await drop.FindAsync(file, cancellationToken) is null)
            await filing.RefuseAsync(
                row,
                sidecar,
                FileMetadata.None,
                [sentences.About(null, Reason.SidecarWithoutFile, Path.GetFileName(file))],
                cancellationToken);
    }

    private async Task CheckAsync(DroppedFile file, SubmissionEntity row, SubmissionEntity? note, CancellationToken cancellationToken)
    {
        var said = await metadata.ReadAsync(file, cancellationToken);
        if (CertificateFields.Of(note) is { } bound)
        {
            await ReadAsync(file, row, note, said, bound, [], cancellationToken);
            return;
        }

        if (said.IsMissing && (said.IsToCome || await patience.LastsAsync(row.PartitionKey, file, cancellationToken)))
        {
            await filing.WaitAsync(row, note, sentences.About(null, Reason.WaitingForMetadata, file.Sidecar), cancellationToken);
            return;
        }

        var problems = new List<Problem>(said.IsMissing ? [said.Missing!] : said.Problems);
        var fields = await CheckFieldsAsync(row.PartitionKey, said, problems, cancellationToken);
        if (problems is [{ Code: Reason.WaitingForCatalogue } waiting])
        {
            await filing.WaitAsync(row, note, waiting, cancellationToken);
            return;
        }

        problems.RemoveAll(problem => problem.Code == Reason.WaitingForCatalogue);
        if (CheckOutside(file) is { } unreadable)
            await filing.RefuseAsync(row, file, said, [.. problems, unreadable], cancellationToken);
        else
            await ReadAsync(file, row, note, said, fields, problems, cancellationToken);
    }

    private async Task<CertificateFields?> CheckFieldsAsync(
        string site,
        FileMetadata said,
        List<Problem> problems,
        CancellationToken cancellationToken)
    {
        if (said.Fields is null)
            return null;
        var found = new List<Problem>();
        var fields = await checks.CheckAsync(site, said.Fields, found, cancellationToken);
        problems.AddRange(
            found
                .Where(problem => problem.Field is null || !said.Problems.Any(known => known.Field == problem.Field))
                .Select(problem =>
                    said.Source is { } source && problem.Field is not null
                        ? sentences.InLine(Manifest.FileName, source.Line.Number, problem)
                        : problem));
        return fields;
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
        DroppedFile file,
        SubmissionEntity row,
        SubmissionEntity? note,
        FileMetadata said,
        CertificateFields? fields,
        List<Problem> problems,
        CancellationToken cancellationToken)
    {
        await using var content = drop.Open(file);
        // A file that was noted with its hash has passed this before.
        row.ContentHash = note?.ContentHash;
        if (row.ContentHash is null)
        {
            var inspection = await FileInspector.ReadAsync(content, cancellationToken);
            row.ContentHash = inspection.Hash;
            if (inspection.FindProblem(FileType.Of(file.Name)!, options.Value.RefusedPdfFeatures) is { } code)
                problems.Add(sentences.About("file", code));
        }

        if (problems.Count > 0)
            await filing.RefuseAsync(row, file, said, problems, cancellationToken);
        else
            await SubmitAsync(file, row, note, said, fields!, content, cancellationToken);
    }

    private async Task SubmitAsync(
        DroppedFile file,
        SubmissionEntity row,
        SubmissionEntity? note,
        FileMetadata said,
        CertificateFields fields,
        BufferedBlobStream content,
        CancellationToken cancellationToken)
    {
        var candidate = filing.NewRow(file, row.PartitionKey, note: null);
        (candidate.ContentHash, candidate.RowKey) = (row.ContentHash, fields.KeyWith(row.ContentHash!));
        fields.PutInto(candidate);
        fields.PutInto(row);
        if (!said.IsOwn && CertificateFields.Of(note) is null)
        {
            if (!await BindAsync(file, row, candidate, cancellationToken))
                return;
            note = row;
        }

        var submission = await submitter.SubmitAsync(candidate, content, cancellationToken);
        // What it came to is put in its place also while the app is stopping.
        if (submission.State == SubmissionState.Accepted && submission.FileId != file.Id)
            await filing.SetAsideAsync(file, row, submission, said, CancellationToken.None);
        else if (submission.State is SubmissionState.Accepted or SubmissionState.Rejected)
            await filing.FinishAsync(file, submission, note, said, CancellationToken.None);
        else
            await filing.LinkAsync(row, submission, CancellationToken.None);
    }

    /// <summary>
    /// Says for all instances what a file is submitted as. What is said beside it may change while it is worked on, and would make another
    /// certificate of it.
    /// </summary>
    /// <returns>False if another instance was first; then the next turn goes on from there.</returns>
    private async Task<bool> BindAsync(
        DroppedFile file,
        SubmissionEntity row,
        SubmissionEntity candidate,
        CancellationToken cancellationToken)
    {
        (row.State, row.Submission) = (SubmissionState.Linked, candidate.RowKey);
        if (!await ledger.TryNoteFileAsync(row, cancellationToken))
            return false;
        // Whoever has finished it removes first the file, then the note.
        if ((await drop.FindAsync(file.Name, cancellationToken))?.Id == file.Id)
            return true;
        await ledger.ForgetFileAsync(row, cancellationToken);
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "File {File} was removed or replaced while it was worked on")]
        public static partial void Gone(ILogger logger, string file);
    }
}
