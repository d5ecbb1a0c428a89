using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Api;

/// <summary>What a person decides about submissions; <c>by</c> says who, for the record.</summary>
public sealed class CertificateDecisions(
    CertificateLedger ledger,
    DuplicateGuard guard,
    SubmissionClaims claims,
    SubmissionReconciler inquiry,
    SubmissionStateMachine outcomes,
    Sentences sentences,
    DropContainer drop,
    CertificateImport intake)
{
    /// <summary>Has a submission sent again: one that was held, waits, or is known by the person not to have arrived.</summary>
    public async Task<DecisionOutcome> RetryAsync(string site, string key, string? by, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row)
            return DecisionOutcome.Unknown;
        if (row.State is not (SubmissionState.Held or SubmissionState.OutcomeUnknown or SubmissionState.Waiting or SubmissionState.Ready))
            return DecisionOutcome.NotOpen;
        if (claims.OverAt(row) > claims.Now)
            return DecisionOutcome.TooEarly;
        // The person's word ends the doubt even if there is nothing to send any more. The file of a stub the sweep finds, or does not.
        var isGone = row.Blob.Length > 0 && (await drop.FindAsync(row.Blob, cancellationToken))?.Id != row.FileId;
        if (isGone)
            outcomes.Withdraw(row);
        else
            outcomes.PutDown(row);
        var decision = await CarryOutAsync(row, "retry", by, cancellationToken);
        return decision == DecisionOutcome.Done && isGone ? DecisionOutcome.FileGone : decision;
    }

    /// <summary>Has all of a state tried again; of an unknown outcome only a person can say something, one by one.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RetryAllAsync(string site, SubmissionState state, string? by, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var row in ledger.ListAsync(state, site, cancellationToken).OfType<SubmissionEntity>())
        {
            outcomes.PutDown(row);
            if (await ledger.TryDecideAsync(row, "retry", by, cancellationToken))
                count++;
        }

        await ledger.FlushAsync(cancellationToken);
        return count;
    }

    /// <summary>Takes a person's word that a submission did arrive, under this id.</summary>
    public async Task<DecisionOutcome> AcceptAsync(
        string site, string key, long certificateId, string? by, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row)
            return DecisionOutcome.Unknown;
        if (row.State is not (SubmissionState.Held or SubmissionState.OutcomeUnknown))
            return DecisionOutcome.NotOpen;
        if (claims.OverAt(row) > claims.Now)
            return DecisionOutcome.TooEarly;
        if (await inquiry.IsAnothersAsync(row, certificateId, cancellationToken))
            return DecisionOutcome.NumberTaken;
        outcomes.Accept(row, certificateId);
        // A row that waited for another is not in the guard yet. If that other row is sent again, this one must be found.
        await guard.EnterAsync(row, cancellationToken);
        return await CarryOutAsync(row, "accept", by, cancellationToken);
    }

    /// <summary>Takes a person's word that nothing has to be done about a refusal any more.</summary>
    public async Task<DecisionOutcome> DismissAsync(string site, string key, string? by, CancellationToken cancellationToken)
    {
        if (await ledger.FindRowAsync(site, key, cancellationToken) is not { } row)
            return DecisionOutcome.Unknown;
        if (!row.Unhandled)
            return DecisionOutcome.NotOpen;
        row.Unhandled = false;
        return await WriteAsync(row, "dismiss", by, cancellationToken);
    }

    /// <summary>Takes such a word back.</summary>
    public async Task<DecisionOutcome> ReopenAsync(string site, string key, string? by, CancellationToken cancellationToken)
    {
        if (await ledger.FindRowAsync(site, key, cancellationToken) is not { } row)
            return DecisionOutcome.Unknown;
        if (row is not { Unhandled: false, State: SubmissionState.Rejected or SubmissionState.Withdrawn or SubmissionState.Expired }
            || await ledger.ListEventsAsync(row, cancellationToken).LastOrDefaultAsync(cancellationToken)
            is not { Kind: "dismiss" })
            return DecisionOutcome.NotOpen;
        row.Unhandled = true;
        return await WriteAsync(row, "reopen", by, cancellationToken);
    }

    /// <summary>Has a duplicate submitted all the same, as soon as its file is put back.</summary>
    public async Task<DecisionOutcome> LetThroughAsync(string site, string key, string? by, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row)
            return DecisionOutcome.Unknown;
        if (row is not { State: SubmissionState.Duplicate, Unreported: false })
            return DecisionOutcome.NotOpen;
        await guard.LetThroughAsync(row, cancellationToken);
        (row.Code, row.Message, row.Values) = (
            Reason.LetThrough, sentences.For(row.PartitionKey).Say(Reason.LetThrough), null);
        return await WriteAsync(row, "submit", by, cancellationToken);
    }

    private async Task<DecisionOutcome> CarryOutAsync(
        SubmissionEntity row, string kind, string? by, CancellationToken cancellationToken)
    {
        if (await WriteAsync(row, kind, by, cancellationToken) is not DecisionOutcome.Done)
            return DecisionOutcome.NotOpen;
        // What follows a sweep would do as well; the person is waiting for it.
        if (!await intake.TakeInAsync(row.Blob, cancellationToken) && row.Unreported)
            await intake.ReportAsync(row, cancellationToken);
        await ledger.FlushAsync(cancellationToken);
        return DecisionOutcome.Done;
    }

    private async Task<DecisionOutcome> WriteAsync(LedgerRow row, string kind, string? by, CancellationToken cancellationToken)
        => await ledger.TryDecideAsync(row, kind, by, cancellationToken) ? DecisionOutcome.Done : DecisionOutcome.NotOpen;
}
