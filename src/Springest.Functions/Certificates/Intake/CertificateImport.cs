using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Takes in the files of the drop: finds out what each is for, checks it, has it submitted, and moves it to where it belongs. May be
/// called for the same file any number of times, by any number of instances.
/// </summary>
public sealed partial class CertificateImport(
    DropContainer drop,
    FileChecker checker,
    CertificateLedger ledger,
    CertificateSubmitter submitter,
    FileOutcomeRecorder recorder,
    ManifestImport manifests,
    TimeProvider time,
    ILogger<CertificateImport> logger)
{
    // The host repeats a try that failed at once, four times. The sweep comes once a minute.
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    // Whoever writes a document may still need its mark.
    private static readonly TimeSpan _leftoverAge = TimeSpan.FromMinutes(1);

    // When the announced files failed that were tried lately.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new();

    // Files at work in this instance. Whoever comes second waits, and mostly finds nothing left to do or to read.
    private readonly ConcurrentDictionary<string, Task> _atWork = new();

    /// <summary>Takes in the file that an event has announced. If that fails, further tries are the sweep's.</summary>
    public async Task TakeInAnnouncedAsync(string name, CancellationToken cancellationToken)
    {
        if (_failed.TryGetValue(name, out var last) && time.GetUtcNow() - last < _pause)
            return;
        // The sweep says so, once a minute.
        if (await ledger.FindFaultAsync(cancellationToken) is not null)
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
        try
        {
            if (await drop.FindAsync(fileName, cancellationToken) is not { } file)
                return false;
            await TakeInAsync(file, cancellationToken);
            return true;
        }
        // The sweep, which has it from a list, says so.
        catch (BlobRefusedException)
        {
            return false;
        }
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
        catch (BlobRefusedException e)
        {
            Log.Refused(logger, file.Id, e.Code);
            await recorder.NoteStuckAsync(file, SiteOf(file) ?? CertificateLedger.NoSite, e, cancellationToken);
        }
        finally
        {
            _atWork.TryRemove(file.Id, out _);
            done.SetResult();
        }

        await ledger.FlushAsync(CancellationToken.None);
    }

    /// <summary>Writes the report of a submission that is at its end and whose file is gone.</summary>
    public Task ReportAsync(SubmissionEntity row, CancellationToken cancellationToken) => recorder.ReportAsync(row, cancellationToken);

    private async Task RouteAsync(DroppedFile file, CancellationToken cancellationToken)
    {
        if ((FileNames.IsLeftByProgram(file.Name) || RejectionSheets.IsOne(file)) && DroppedFile.IsAddressable(file.Name))
        {
            if (file.Modified + _leftoverAge < time.GetUtcNow() && !file.IsLeased)
                await recorder.DiscardAsync(file, cancellationToken);
            return;
        }

        var site = SiteOf(file);
        var known = await ledger.FindRowAsync(site ?? CertificateLedger.NoSite, file.Id, cancellationToken);
        // A list of the drop may be old. Whoever has moved the file has made room for the next, whose sidecar or line is there already.
        if (known is not null && FileOutcomeRecorder.IsAtEnd(known) && (await drop.FindAsync(file.Name, cancellationToken))?.Id != file.Id)
            return;
        if (known is SubmissionEntity submission)
            await ResumeAsync(file, submission, cancellationToken);
        else if (site is null || !await submitter.IsBeingRestoredAsync(site, cancellationToken))
            await RouteNewAsync(file, site, known as FileNoteEntity, cancellationToken);
    }

    private async Task ResumeAsync(DroppedFile file, SubmissionEntity submission, CancellationToken cancellationToken)
    {
        await using var content = drop.Open(file);
        // A copy of the ledger has a stub only, which cannot be sent.
        var isStub = submission is
        {
            Email: null,
            State: SubmissionState.Ready or SubmissionState.Waiting or SubmissionState.Held or SubmissionState.Withdrawn,
        };
        if (!isStub
            || await recorder.TryCompleteAsync(
                submission, file, await checker.CheckAsync(submission.PartitionKey, file, content, cancellationToken), cancellationToken))
            await GoOnAsync(file, submission, content, cancellationToken);
    }

    private async Task RouteNewAsync(DroppedFile file, string? site, FileNoteEntity? note, CancellationToken cancellationToken)
    {
        var row = recorder.NewNote(file, site ?? CertificateLedger.NoSite, note);
        if (!DroppedFile.IsAddressable(file.Name))
            await recorder.StayAsync(row, note, Problem.About(null, Reason.NameNotUsable), cancellationToken, SubmissionState.Held);
        else if (note?.State == SubmissionState.Rejected && !Manifest.IsOne(file.Name))
            await recorder.MoveAsync(file, note, cancellationToken);
        else if (file.IsBeingWritten(time.GetUtcNow()) || checker.IsOnItsWay(file))
            await recorder.StayAsync(row, note, Problem.About(null, Reason.StillBeingWritten), cancellationToken);
        else if (DroppedFile.IsSidecar(file.Name, out var owner))
            await TakeInSidecarAsync(file, row, owner, cancellationToken);
        else if (site is null)
            await RefuseAsync(
                row, file,
                Problem.About(
                    null, Reason.UnknownSite, file.Folder, string.Join(", ", ledger.Sites.Where(each => each != CertificateLedger.NoSite))),
                cancellationToken);
        else if (DroppedFile.IsMisnamedSidecar(file.Name))
            await RefuseAsync(row, file, Problem.About(null, Reason.SidecarMisnamed, file.FileName), cancellationToken);
        else if (Manifest.IsOne(file.Name))
            await manifests.TendAsync(file, row, note, cancellationToken);
        else
            await CheckAsync(file, row, note, cancellationToken);
    }

    private string? SiteOf(DroppedFile file)
        => ledger.FindSite(file.Folder) is { } folder && folder != CertificateLedger.NoSite ? folder : null;

    /// <summary>A sidecar that has waited for its file long enough.</summary>
    private async Task TakeInSidecarAsync(DroppedFile sidecar, FileNoteEntity row, string file, CancellationToken cancellationToken)
    {
        var isName = DroppedFile.IsAddressable(file) && file.Length > 0 && !file.EndsWith('/');
        if (isName && await drop.FindAsync(file, cancellationToken) is { IsFolder: false })
            return;
        // It came along with a rejected file. No certificate can have an extension that it would be a sidecar of.
        if (ReportNames.IsOne(sidecar.Name))
            await recorder.DiscardAsync(sidecar, cancellationToken);
        // The file leaves the drop last: a sidecar that was moved along with it since it was listed is gone by now.
        else if ((await drop.FindAsync(sidecar.Name, cancellationToken))?.Id == sidecar.Id)
            await RefuseAsync(row, sidecar, Problem.About(null, Reason.SidecarWithoutFile, Path.GetFileName(file)), cancellationToken);
    }

    private Task RefuseAsync(FileNoteEntity row, DroppedFile file, Problem problem, CancellationToken cancellationToken)
        => recorder.RefuseAsync(row, file, FileAssessment.Wrong(problem), cancellationToken);

    private async Task CheckAsync(DroppedFile file, FileNoteEntity row, FileNoteEntity? note, CancellationToken cancellationToken)
    {
        await using var content = drop.Open(file);
        var found = await checker.CheckAsync(row.PartitionKey, file, content, cancellationToken);
        if (found.Wait is { } reason)
        {
            await recorder.StayAsync(row, note, reason, cancellationToken);
        }
        else if (found.Problems.Count > 0)
        {
            await recorder.RefuseAsync(row, file, found, cancellationToken);
        }
        else
        {
            // From here on what it is submitted with does not change, whatever becomes of what is said beside it.
            var submission = await recorder.NewSubmissionAsync(row, found, cancellationToken);
            if (await ledger.TryWriteAsync(submission, cancellationToken))
                await GoOnAsync(file, submission, content, cancellationToken);
        }
    }

    /// <summary>Has it submitted, if it is not at its end, and puts it in its place if it is.</summary>
    private async Task GoOnAsync(
        DroppedFile file, SubmissionEntity submission, BufferedBlobStream content, CancellationToken cancellationToken)
    {
        if (!FileOutcomeRecorder.IsAtEnd(submission))
            submission = await submitter.SubmitAsync(submission, content, cancellationToken);
        if (!FileOutcomeRecorder.IsAtEnd(submission))
            return;
        // What it came to is put in its place also while the app is stopping.
        await recorder.FinishAsync(file, submission, CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "File {File} was removed or replaced while it was worked on")]
        public static partial void Gone(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Storage denies access to file {File}: {Code}")]
        public static partial void Refused(ILogger logger, string file, string code);
    }
}
