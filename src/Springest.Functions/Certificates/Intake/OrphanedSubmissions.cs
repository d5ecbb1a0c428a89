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
    CertificateLedger ledger, DropContainer drop, CertificateSubmitter submitter, FileMover mover, TimeProvider time)
{
    // Each row that is open costs a look into the drop.
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);

    private DateTimeOffset _next;

    // The last entry of a round that has not come to its end.
    private LedgerIndexEntity? _last;

    /// <summary>
    /// Entries of the rows that are to be looked at, if that was not done lately. What the budget does not suffice for comes the next time.
    /// </summary>
    public async IAsyncEnumerable<LedgerIndexEntity> ListAsync(
        CancellationToken budget,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_last is null && now < _next)
            yield break;
        await foreach (var entry in ledger.ListOpenAsync(now - _interval, _last, cancellationToken))
        {
            if (budget.IsCancellationRequested)
                yield break;
            yield return _last = entry;
        }

        (_last, _next) = (null, now + _interval);
    }

    /// <summary>Brings a row to its end if its file is gone.</summary>
    public async Task ResolveAsync(LedgerIndexEntity entry, CancellationToken cancellationToken)
    {
        // What is left to a person is so with or without its file.
        if (await ledger.FindAsync(entry, cancellationToken) is not { } row || row is { State: SubmissionState.OutcomeUnknown, Due: null })
            return;
        if ((await drop.FindAsync(row.Blob, cancellationToken))?.Id == row.FileId)
            return;
        if (CertificateLedger.IsFile(row) && !row.Unreported)
            await ledger.ForgetFileAsync(row, cancellationToken);
        else if ((row.Unreported ? row : await submitter.AbandonAsync(row, cancellationToken)) is { Unreported: true } ended)
        {
            await mover.ReportAsync(ended, cancellationToken);
            await ledger.CloseAsync(ended, cancellationToken);
        }
    }
}
