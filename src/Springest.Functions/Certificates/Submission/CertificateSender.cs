using Polly.CircuitBreaker;
using Springest.Client;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Submission;

/// <summary>Sends the request of a claimed submission, once, and judges by the answer what became of it.</summary>
public sealed class CertificateSender(
    SpringestClients clients, SendingGate gate, SubmissionClaims claims, SubmissionStateMachine outcomes)
{
    /// <summary>What an attempt came to.</summary>
    /// <param name="Status">The status of Springest's answer, if there was one.</param>
    /// <param name="Afterwards">What the other submissions of the site are to learn of it, once it is written down.</param>
    internal readonly record struct Attempt(int? Status, Func<CancellationToken, Task>? Afterwards);

    /// <summary>Sends it, and puts what became of it into the row.</summary>
    /// <param name="row">The row, claimed.</param>
    /// <param name="content">The file's bytes.</param>
    /// <param name="asked">When it was asked for whether it may be sent.</param>
    /// <exception cref="RowChangedException">The claim was lost before anything was sent; the row is not to be written.</exception>
    internal async Task<Attempt> SendAsync(
        SubmissionEntity row, BufferedBlobStream content, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        try
        {
            var client = clients.For(row.PartitionKey, QuotaClass.Submission);
            outcomes.Accept(row, await client.CreateCertificateAsync(UploadOf(row, content, asked), cancellationToken));
            return new Attempt(null, token => gate.NoteAcceptedAsync(row, token));
        }
        // Stopped before a byte of the file was asked for.
        catch (Exception e) when (content.IsShut && e is not RowChangedException)
        {
            outcomes.PutDown(row);
        }
        catch (SendingDeniedException e)
        {
            outcomes.Deny(row, e.Denial);
        }
        catch (MarkFailedException)
        {
            outcomes.WaitForStorage(row);
        }
        catch (SpringestException e)
        {
            return await JudgeAsync(row, e, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && content.Position > 0)
        {
            outcomes.Doubt(row, Cause.NoAnswer, isOver: false);
            return new Attempt(null, token => gate.NoteUnknownAsync(row, Cause.NoAnswer, token));
        }
        // As long as nobody asked for a byte of the file, nothing was sent.
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcomes.WaitForQuota(row, null);
        }

        return default;
    }

    private async Task<Attempt> JudgeAsync(SubmissionEntity row, SpringestException e, CancellationToken cancellationToken)
    {
        var (status, cause) = ((int?)e.Status, SubmissionStateMachine.CauseOf(e));
        switch (e.Outcome)
        {
            case WriteOutcome.Refused:
                outcomes.Reject(row, e);
                // It let us in, and read it.
                return new Attempt(status, null);
            case WriteOutcome.Waiting when e.RateLimited || e.OverServerRate:
                outcomes.WaitForQuota(row, e.RetryAfter);
                return new Attempt(status, null);
            case WriteOutcome.Waiting when e.InnerException is BrokenCircuitException:
                outcomes.WaitForRetry(row, e.RetryAfter, cause);
                return new Attempt(status, null);
            case WriteOutcome.Waiting when status is 403 or 404:
                if (await gate.NoteRefusedAsync(row, cause, cancellationToken))
                    outcomes.Reject(row, e);
                else
                    outcomes.Deny(row, new(Reason.WaitingForCertification, cause));
                return new Attempt(status, null);
            case WriteOutcome.Waiting:
                outcomes.Deny(row, new(Reason.WaitingForSite, cause));
                return new Attempt(status, token => gate.NotePauseAsync(row, cause, token));
            default:
                outcomes.Doubt(row, cause, isOver: e.Status is not null);
                return new Attempt(status, token => gate.NoteUnknownAsync(row, cause, token));
        }
    }

    private CertificateUpload UploadOf(SubmissionEntity row, BufferedBlobStream content, DateTimeOffset asked)
    {
        var fields = CertificateFields.Of(row)!;
        return new CertificateUpload
        {
            CertificationId = fields.CertificationId,
            Email = fields.Email,
            ValidFrom = fields.ValidFrom,
            ValidUntil = fields.ValidUntil,
            BookingId = fields.BookingId,
            FileName = BlobNames.ForReceiver(BlobNames.FileOf(row.Blob)),
            Content = content,
            Prepare = content.IsHere ? null : content.FetchAsync,
            Begin = async token =>
            {
                await gate.CheckAsync(row, asked, token);
                await claims.MarkAsync(row, token);
            },
            ContentType = FileType.Of(row.Blob)!.MediaType,
        };
    }
}
