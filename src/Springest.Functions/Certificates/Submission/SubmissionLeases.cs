using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Submission;

/// <summary>Who may work on a submission: whoever wrote his token into its row, for as long as the lease lasts.</summary>
public sealed class SubmissionLeases(CertificateLedger ledger, IOptions<CertificatesOptions> options, TimeProvider time)
{
    /// <summary>Claims a submission, making its row if there is none.</summary>
    /// <returns>The row as it stands, and what the caller may do.</returns>
    public async Task<(SubmissionEntity Row, Claim Claim)> TakeAsync(SubmissionEntity candidate, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        var claim = Claim.ToSend;
        Take(candidate, candidate, token, claim);
        if (await ledger.TryAddAsync(candidate, cancellationToken))
            return (candidate, claim);

        while (true)
        {
            var row = await ledger.FindAsync(candidate.PartitionKey, candidate.RowKey, cancellationToken)
                ?? throw new InvalidOperationException($"Submission {candidate.RowKey} has vanished from the ledger.");
            // A write whose answer was lost is repeated by the client, and then loses against itself.
            if (row.Claim == token)
                return (row, claim);
            claim = ClaimFor(row, candidate);
            if (claim == Claim.None)
                return (row, claim);
            Take(row, candidate, token, claim);
            if (await ledger.TryUpdateAsync(row, cancellationToken))
                return (row, claim);
        }
    }

    /// <summary>Claims a row for asking whether its request arrived.</summary>
    /// <returns>False if it may not be asked about now.</returns>
    public async Task<bool> TryTakeToInquireAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        if (ClaimFor(row, row) != Claim.ToInquire)
            return false;
        Take(row, row, Guid.NewGuid().ToString("N"), Claim.ToInquire);
        return await ledger.TryUpdateAsync(row, cancellationToken);
    }

    private Claim ClaimFor(SubmissionEntity row, SubmissionEntity candidate)
    {
        var now = time.GetUtcNow();
        return row.State switch
        {
            SubmissionState.Waiting when row.Due is null || row.Due <= now => Claim.ToSend,
            SubmissionState.Withdrawn => Claim.ToSend,
            // Put back by a person, or dropped anew.
            SubmissionState.Rejected when row.FileId != candidate.FileId => Claim.ToSend,
            // Its holder vanished, at whatever point.
            SubmissionState.Submitting when row.ClaimedUntil <= now => Claim.ToInquire,
            SubmissionState.OutcomeUnknown when row.Due <= now => Claim.ToInquire,
            _ => Claim.None,
        };
    }

    private void Take(SubmissionEntity row, SubmissionEntity candidate, string token, Claim claim)
    {
        var now = time.GetUtcNow();
        if (row.State is SubmissionState.Rejected or SubmissionState.Withdrawn)
            (row.Received, row.FirstAttempt, row.Failures, row.Report, row.Unreported) = (candidate.Received, null, 0, null, false);
        (row.Blob, row.FileId) = (candidate.Blob, candidate.FileId);
        (row.Code, row.Message, row.Updated) = (null, null, now);
        (row.Claim, row.ClaimedUntil) = (token, now + options.Value.Lease);
        row.FirstAttempt ??= now;
        // Whoever only asks leaves no doubt about others that he might be sending: those who ask at once must not wait for each other.
        if (claim == Claim.ToSend)
            (row.State, row.Due, row.LastAttempt) = (SubmissionState.Submitting, null, now);
        else
            (row.State, row.Due) = (SubmissionState.OutcomeUnknown, row.ClaimedUntil);
    }
}
