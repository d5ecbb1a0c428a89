using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Hosting;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Submits certificates, each at most once. Whoever holds the claim on a ledger row may send its request; a claim whose holder vanished
/// means that the request may have been sent, and nobody sends another before Springest was asked.
/// </summary>
public sealed partial class CertificateSubmitter(
    CertificateLedger ledger,
    SubmissionLeases claims,
    SubmissionReconciler inquiry,
    SubmissionStateMachine outcomes,
    SpringestClients clients,
    IOptions<CertificatesOptions> options,
    CertificateMetrics metrics,
    TimeProvider time,
    ILogger<CertificateSubmitter> logger)
{
    /// <summary>Brings a submission as far as it can be brought now.</summary>
    /// <param name="candidate">The row to begin with, if there is none yet.</param>
    /// <param name="content">The file's bytes. If they are not here, they are fetched only when nothing else keeps them from being
    /// sent.</param>
    /// <param name="stop">Has it put down at once what was not sent. The answer to what may have been sent is waited for during <see
    /// cref="StoppableWork.Grace"/>.</param>
    /// <returns>The row as it stands then.</returns>
    /// <exception cref="Azure.RequestFailedException">The bytes could not be fetched. Then the submission waits, and nothing was
    /// sent.</exception>
    internal async Task<SubmissionEntity> SubmitAsync(SubmissionEntity candidate, BufferedBlobStream content, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        // Not cut off: a claim that may have been written could not be given back.
        var (row, claim) = await claims.TakeAsync(candidate, CancellationToken.None);
        if (claim == Claim.None)
            return row;

        content.Rewind();
        // From here on hardly anything but the end of the lease stops it: a request that is broken off leaves a doubt behind.
        using var lease = new CancellationTokenSource(options.Value.Lease * 0.8, time);
        using var grace = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, grace.Token);
        await using (stop.Register(() => grace.CancelAfter(content.TryShut() ? TimeSpan.Zero : StoppableWork.Grace)))
        {
            if (claim == Claim.ToSend || await InquireAsync(row, "the instance vanished", end.Token))
                await SendAsync(row, content, end.Token);
        }

        if (row.State == SubmissionState.OutcomeUnknown && content.IsShut)
            row.Due = time.GetUtcNow();
        return await SaveAsync(row);
    }

    /// <summary>Brings a submission to its end whose file is gone: it counts as withdrawn, unless it may have been sent.</summary>
    /// <param name="row">The row, as read. Nothing happens if it has changed since.</param>
    /// <param name="stop">Has it put down.</param>
    public async Task<SubmissionEntity> AbandonAsync(SubmissionEntity row, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (row.State == SubmissionState.Waiting)
        {
            outcomes.Withdraw(row);
            await ledger.TryUpdateAsync(row, CancellationToken.None);
            return row;
        }

        if (!await claims.TryTakeToInquireAsync(row, CancellationToken.None))
            return row;
        using var lease = new CancellationTokenSource(options.Value.Lease * 0.8, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, stop);
        if (await InquireAsync(row, "the file is gone", end.Token))
            outcomes.Withdraw(row);
        if (row.State == SubmissionState.OutcomeUnknown && stop.IsCancellationRequested)
            row.Due = time.GetUtcNow();
        return await SaveAsync(row);
    }

    private async Task SendAsync(SubmissionEntity row, BufferedBlobStream content, CancellationToken cancellationToken)
    {
        try
        {
            outcomes.Accept(
                row,
                await clients.For(row.PartitionKey, QuotaClass.Submission).CreateCertificateAsync(UploadOf(row, content), cancellationToken)
            );
        }
        // Stopped before a byte of the file was asked for.
        catch (Exception) when (content.IsShut)
        {
            outcomes.PutDown(row);
        }
        catch (SpringestException e) when (e.RateLimited || e.OverServerRate)
        {
            outcomes.WaitForQuota(row, e.RetryAfter);
        }
        catch (SpringestException e) when (e.OutcomeUnknown)
        {
            if (await InquireAsync(row, SubmissionStateMachine.CauseOf(e), cancellationToken))
                outcomes.MarkOutcomeUnknown(row, SubmissionStateMachine.CauseOf(e));
        }
        catch (SpringestException e) when (e.Outcome is WriteOutcome.Refused)
        {
            outcomes.Reject(row, e);
        }
        catch (SpringestException e)
        {
            outcomes.Fail(row, e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && content.Position > 0)
        {
            outcomes.MarkOutcomeUnknown(row, "no answer in time");
        }
        // As long as nobody asked for a byte of the file, nothing was sent.
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcomes.WaitForQuota(row, null);
        }
        catch (Exception) when (content.Position == 0)
        {
            outcomes.WaitForStorage(row);
            await SaveAsync(row);
            throw;
        }
    }

    /// <summary>Asks Springest about a request that may have been sent.</summary>
    /// <returns>True if it may be sent again.</returns>
    private async Task<bool> InquireAsync(SubmissionEntity row, string cause, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await inquiry.AskAsync(row, cancellationToken);
            if (answer.CertificateId is { } id)
            {
                outcomes.Accept(row, id);
                return false;
            }

            var now = time.GetUtcNow();
            if (
                answer.IsAbsent
                && options.Value.UnknownOutcome == UnknownOutcome.Retry
                && row.LastAttempt + options.Value.SettleTime <= now)
            {
                (row.State, row.Due, row.LastAttempt) = (SubmissionState.Submitting, null, now);
                return await ledger.TryUpdateAsync(row, cancellationToken);
            }

            outcomes.MarkOutcomeUnknown(row, cause);
        }
        catch (SpringestException)
        {
            outcomes.MarkOutcomeUnknown(row, cause);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcomes.MarkOutcomeUnknown(row, cause);
        }

        return false;
    }

    /// <summary>Writes the outcome down. If the lease was lost meanwhile, only a certificate's id still matters.</summary>
    private async Task<SubmissionEntity> SaveAsync(SubmissionEntity row)
    {
        var saved = row;
        while (!await ledger.TryUpdateAsync(saved, CancellationToken.None))
        {
            saved = await ledger.FindAsync(row.PartitionKey, row.RowKey, CancellationToken.None) ?? row;
            if (
                row.State != SubmissionState.Accepted
                || saved.State == SubmissionState.Accepted
                || (saved.Claim == row.Claim && saved.State == row.State))
                break;
            outcomes.Accept(saved, row.CertificateId);
        }

        metrics.Ended(saved);
        Log.Outcome(logger, saved.PartitionKey, saved.RowKey[..12], saved.State, saved.Code, saved.CertificateId);
        return saved;
    }

    private static CertificateUpload UploadOf(SubmissionEntity row, BufferedBlobStream content)
    {
        var fields = CertificateFields.Of(row)!;
        return new CertificateUpload
        {
            CertificationId = fields.CertificationId,
            Email = fields.Email,
            ValidFrom = fields.ValidFrom,
            ValidUntil = fields.ValidUntil,
            BookingId = fields.BookingId,
            FileName = BlobNames.ForReceiver(row.Blob[(row.Blob.LastIndexOf('/') + 1)..]),
            Content = content,
            Prepare = content.IsHere ? null : content.FetchAsync,
            ContentType = FileType.Of(row.Blob)!.MediaType,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Submission {Key} of {Site}: {State} {Code}, certificate {CertificateId}")]
        public static partial void Outcome(
            ILogger logger,
            string site,
            string key,
            SubmissionState state,
            string? code,
            long? certificateId);
    }
}
