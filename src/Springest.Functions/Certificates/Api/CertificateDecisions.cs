using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Api;

/// <summary>What a person decides about submissions that the app leaves to people.</summary>
public sealed class CertificateDecisions(
    CertificateLedger ledger,
    DropContainer drop,
    CertificateImport intake,
    FileMover mover,
    TimeProvider time)
{
    /// <summary>Has a submission sent again: one that was held, waits, or is known by the person not to have arrived.</summary>
    public async Task<DecisionOutcome> RetryAsync(string site, string key, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row || CertificateLedger.IsFile(row))
            return DecisionOutcome.Unknown;
        if (row.State is not (SubmissionState.Held or SubmissionState.OutcomeUnknown or SubmissionState.Waiting))
            return DecisionOutcome.NotOpen;
        // The person's word ends the doubt even if there is nothing to send any more.
        var isGone = await drop.FindAsync(row.Blob, cancellationToken) is null;
        (row.State, row.Code, row.Message, row.Due) = (isGone ? SubmissionState.Withdrawn : SubmissionState.Waiting, null, null, null);
        (row.FirstAttempt, row.Failures, row.Updated) = (null, 0, time.GetUtcNow());
        var decision = await CarryOutAsync(row, cancellationToken);
        return decision == DecisionOutcome.Done && isGone ? DecisionOutcome.FileGone : decision;
    }

    /// <summary>Takes a person's word that a submission did arrive, under this id.</summary>
    public async Task<DecisionOutcome> AcceptAsync(string site, string key, long certificateId, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row || CertificateLedger.IsFile(row))
            return DecisionOutcome.Unknown;
        if (row.State is not (SubmissionState.Held or SubmissionState.OutcomeUnknown))
            return DecisionOutcome.NotOpen;
        (row.State, row.Code, row.Message, row.Due, row.CertificateId) = (SubmissionState.Accepted, null, null, null, certificateId);
        (row.Unreported, row.Updated) = (true, time.GetUtcNow());
        row.Report = CertificateReport.Of(row).ToJson().ToString();
        return await CarryOutAsync(row, cancellationToken);
    }

    private async Task<DecisionOutcome> CarryOutAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        if (!await ledger.TryUpdateAsync(row, cancellationToken))
            return DecisionOutcome.NotOpen;

        // What follows a sweep would do as well; the person is waiting for it.
        if (await ledger.FindFileAsync(row.PartitionKey, row.FileId, cancellationToken) is { Due: not null } link)
        {
            link.Due = null;
            await ledger.TryUpdateAsync(link, cancellationToken);
        }

        if (!await intake.TakeInAsync(row.Blob, cancellationToken) && row.Unreported)
            await mover.ReportAsync(row, cancellationToken);
        return DecisionOutcome.Done;
    }
}
