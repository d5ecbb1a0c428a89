using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>
/// Leaves of a submission what keeps it from being sent again, and nothing about a person: its stub stays for good. Of a file that never
/// became one nothing is left.
/// </summary>
public sealed class LedgerStubs(
    CertificateLedger ledger, OpenRows open, SubmissionStateMachine outcomes, SubmissionClaims claims, CertificateFiles files)
{
    /// <summary>Whether a row is at its end in every way: nobody works on it, and nobody has to do anything about it.</summary>
    internal static bool IsClosed(LedgerRow row) => !row.Unreported && !row.Unhandled && !row.State.IsOpen();

    /// <summary>Whether only a stub is left.</summary>
    internal static bool IsStub(LedgerRow row) => row is SubmissionEntity { Email: null, Blob: "", Report: null };

    /// <summary>Makes a stub of a row that is at its end; its files stay.</summary>
    /// <returns>False if it has changed meanwhile.</returns>
    internal async Task<bool> TryPruneAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        // First, since a stub is not looked at again.
        await ledger.ForgetEventsAsync(row, cancellationToken);
        if (row is FileNoteEntity note)
        {
            await open.BlankAsync(note, cancellationToken);
            return await ledger.ForgetNoteAsync(note, cancellationToken);
        }

        var submission = (SubmissionEntity)row;
        (submission.Email, submission.BookingId, submission.Blob) = (null, null, "");
        (submission.Message, submission.Values, submission.Stuck, submission.Report, submission.ClosedBy) = (null, null, null, null, null);
        (submission.Manifest, submission.Line, submission.Unreported, submission.Unhandled) = (null, null, false, false);
        return await ledger.TryUpdateAsync(submission, cancellationToken);
    }

    /// <summary>Removes a row's files, and makes a stub of it whatever its state: what waits is not sent any more.</summary>
    internal async Task<ErasureOutcome> ForgetAsync(string site, string key, CancellationToken cancellationToken)
    {
        while (await ledger.FindRowAsync(site, key, cancellationToken) is { } row)
        {
            if (IsStub(row))
                return ErasureOutcome.Absent;
            // Whoever is sending it, or moving its file, comes to an end by himself.
            if (row.State == SubmissionState.Submitting || row.Unreported
                || (row is SubmissionEntity { State: SubmissionState.OutcomeUnknown } doubt && claims.OverAt(doubt) > claims.Now))
                return ErasureOutcome.Later;
            // The files first: a row that waits for a file that is gone is not sent, and it names what is left of them.
            await files.RemoveAsync(row, cancellationToken);
            if (row is SubmissionEntity submission)
                End(submission);
            if (await TryPruneAsync(row, cancellationToken))
                return ErasureOutcome.Removed;
        }

        return ErasureOutcome.Absent;
    }

    private void End(SubmissionEntity row)
    {
        if (row.State == SubmissionState.OutcomeUnknown)
            outcomes.GiveUp(row);
        else if (row.State is SubmissionState.Waiting or SubmissionState.Ready or SubmissionState.Held)
            outcomes.Withdraw(row);
    }
}
