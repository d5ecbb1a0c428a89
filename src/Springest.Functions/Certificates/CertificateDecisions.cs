namespace Springest.Functions.Certificates;

/// <summary>What a person decides about submissions that the app leaves to people.</summary>
public sealed class CertificateDecisions(CertificateLedger ledger, CertificateIntake intake, CertificateMover mover, TimeProvider time)
{
    /// <summary>Has a submission sent again: one that was held, waits, or is known by the person not to have arrived.</summary>
    public async Task<Decision> RetryAsync(string site, string key, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row || CertificateLedger.IsFile(row))
            return Decision.Unknown;
        if (row.State is not (SubmissionState.Held or SubmissionState.OutcomeUnknown or SubmissionState.Waiting))
            return Decision.NotOpen;
        (row.State, row.Code, row.Message, row.Due) = (SubmissionState.Waiting, null, null, null);
        (row.FirstAttempt, row.Failures) = (null, 0);
        return await CarryOutAsync(row, cancellationToken);
    }

    /// <summary>Takes a person's word that a submission did arrive, under this id.</summary>
    public async Task<Decision> AcceptAsync(string site, string key, long certificateId, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(site, key, cancellationToken) is not { } row || CertificateLedger.IsFile(row))
            return Decision.Unknown;
        if (row.State is not (SubmissionState.Held or SubmissionState.OutcomeUnknown))
            return Decision.NotOpen;
        (row.State, row.Code, row.Message, row.Due, row.CertificateId) = (SubmissionState.Accepted, null, null, null, certificateId);
        row.Unreported = true;
        row.Report = CertificateReport.Of(row).ToJson().ToString();
        return await CarryOutAsync(row, cancellationToken);
    }

    private async Task<Decision> CarryOutAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        row.Updated = time.GetUtcNow();
        if (!await ledger.TryUpdateAsync(row, cancellationToken))
            return Decision.NotOpen;

        // What follows a sweep would do as well; the person is waiting for it.
        if (await ledger.FindFileAsync(row.PartitionKey, row.FileId, cancellationToken) is { Due: not null } link)
        {
            link.Due = null;
            await ledger.TryUpdateAsync(link, cancellationToken);
        }

        if (!await intake.TakeInAsync(row.Blob, cancellationToken) && row.Unreported)
            await mover.ReportAsync(row, cancellationToken);
        return Decision.Done;
    }
}
