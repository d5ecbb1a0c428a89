using System.Runtime.CompilerServices;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Intake;

/// <summary>
/// Looks after the rows of the ledger whose file was removed or replaced before they came to an end, and which therefore nobody
/// would take up any more: what may have been sent is asked for, the rest counts as withdrawn.
/// </summary>
public sealed class OrphanedSubmissions(
    CertificateLedger ledger, OpenRows open, DropContainer drop, CertificateSubmitter submitter, FileOutcomeRecorder recorder,
    TimeProvider clock)
{
    // Each row that is open costs a look into the drop.
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);

    // What is in doubt stays so with or without its file; what is held may be withdrawn as what waits.
    private static readonly string[] _kinds = [OpenRows.ForPerson, OpenRows.OnTheWay];

    private DateTimeOffset _next;

    // The last entry of a round that has not come to its end.
    private OpenRowEntity? _last;

    /// <summary>
    /// Entries of the rows that are to be looked at, if that was not done lately. What the budget does not suffice for comes the next time.
    /// </summary>
    public async IAsyncEnumerable<OpenRowEntity> ListAsync(
        CancellationToken budget,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_last is null && now < _next)
            yield break;
        var before = now - _interval;
        var lists = ledger.Sites.SelectMany(site => _kinds.Select(kind => (Site: site, Kind: kind)))
            .SkipWhile(list => _last is not null && After(list.Site, list.Kind) is null);
        foreach (var (site, kind) in lists)
        {
            await foreach (var entry in open.ListAsync(site, kind, After(site, kind), before, cancellationToken))
            {
                if (budget.IsCancellationRequested)
                    yield break;
                yield return _last = entry;
            }
        }

        (_last, _next) = (null, now + _interval);

        string? After(string site, string kind)
            => _last?.PartitionKey == site && _last.RowKey.StartsWith(kind, StringComparison.Ordinal) ? _last.RowKey : null;
    }

    /// <summary>Brings a row to its end if its file is gone.</summary>
    public async Task ResolveAsync(OpenRowEntity entry, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(entry, cancellationToken) is not { } row || row.State == SubmissionState.OutcomeUnknown)
            return;
        try
        {
            if ((await drop.FindAsync(row.Blob, cancellationToken))?.Id == row.FileId)
                return;
            if (row is FileNoteEntity { Unreported: false } note)
                await ledger.ForgetNoteAsync(note, cancellationToken);
            else if (row is SubmissionEntity { Unreported: false } submission)
                row = await submitter.WithdrawAsync(submission, cancellationToken);
            if (row.Unreported)
                await recorder.ReportAsync(row, cancellationToken);
        }
        catch (BlobRefusedException e)
        {
            await recorder.NoteStuckAsync(row, e, cancellationToken);
        }

        await ledger.FlushAsync(CancellationToken.None);
    }
}
