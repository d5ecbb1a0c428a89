namespace Springest.Functions.Certificates;

/// <summary>
/// Looks after the rows of the ledger whose file was removed or replaced before they came to an end, and which therefore nobody
/// would take up any more: what may have been sent is asked for, the rest counts as withdrawn.
/// </summary>
public sealed class AbandonedSubmissions(
    CertificateLedger ledger, CertificateDrop drop, CertificateSubmitter submitter, CertificateMover mover, TimeProvider time)
{
    // Each row that is open costs a look into the drop.
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);

    private DateTimeOffset _next;

    /// <summary>Looks, if that was not done lately.</summary>
    public async Task ResolveAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next)
            return;
        _next = now + _interval;
        await foreach (var row in ledger.ListOpenAsync(now - _interval, cancellationToken))
        {
            // Left to a person, with or without its file.
            if (row is { State: SubmissionState.OutcomeUnknown, Due: null })
                continue;
            if ((await drop.FindAsync(row.Blob, cancellationToken))?.Id != row.FileId)
                await ResolveAsync(row, cancellationToken);
        }
    }

    private async Task ResolveAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        if (CertificateLedger.IsFile(row) && !row.Unreported)
            await ledger.ForgetFileAsync(row, cancellationToken);
        else if ((row.Unreported ? row : await submitter.AbandonAsync(row, cancellationToken)) is { Unreported: true } ended)
        {
            await mover.ReportAsync(ended, cancellationToken);
            await ledger.CloseAsync(ended, cancellationToken);
        }
    }
}
