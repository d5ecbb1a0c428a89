using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates;

/// <summary>
/// Submits certificates, each at most once. Whoever holds the claim on a ledger row may send its request; a claim whose holder vanished
/// means that the request may have been sent, and nobody sends another before Springest was asked.
/// </summary>
public sealed partial class CertificateSubmitter(
    CertificateLedger ledger,
    SubmissionInquiry inquiry,
    SpringestClients clients,
    Sentences sentences,
    IOptions<CertificatesOptions> options,
    TimeProvider time,
    ILogger<CertificateSubmitter> logger)
{
    private static readonly TimeSpan _longestDelay = TimeSpan.FromHours(1);

    /// <summary>Brings a submission as far as it can be brought now.</summary>
    /// <param name="candidate">The row to begin with, if there is none yet.</param>
    /// <param name="content">The file's bytes.</param>
    /// <returns>The row as it stands then.</returns>
    public async Task<CertificateSubmission> SubmitAsync(CertificateSubmission candidate, Stream content, CancellationToken cancellationToken)
    {
        var (row, claim) = await ClaimAsync(candidate, cancellationToken);
        if (claim == Claim.None)
            return row;

        // From here on only the end of the lease stops anything: a request that is broken off leaves a doubt behind.
        using var lease = new CancellationTokenSource(options.Value.Lease * 0.8, time);
        if (claim == Claim.ToSend || await InquireAsync(row, "the instance vanished", lease.Token))
            await SendAsync(row, content, lease.Token);
        return await SaveAsync(row);
    }

    /// <summary>Brings a submission to its end whose file is gone: it counts as withdrawn, unless it may have been sent.</summary>
    /// <param name="row">The row, as read. Nothing happens if it has changed since.</param>
    public async Task<CertificateSubmission> AbandonAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        var claim = ClaimFor(row, row);
        if (row.State == SubmissionState.Waiting)
        {
            Enter(row, SubmissionState.Withdrawn);
            await ledger.TryUpdateAsync(row, cancellationToken);
            return row;
        }

        if (claim != Claim.ToInquire)
            return row;
        Take(row, row, Guid.NewGuid().ToString("N"), claim);
        if (!await ledger.TryUpdateAsync(row, cancellationToken))
            return row;
        using var lease = new CancellationTokenSource(options.Value.Lease * 0.8, time);
        if (await InquireAsync(row, "the file is gone", lease.Token))
            Enter(row, SubmissionState.Withdrawn);
        return await SaveAsync(row);
    }

    private enum Claim
    {
        None,
        ToSend,
        ToInquire,
    }

    private async Task<(CertificateSubmission Row, Claim Claim)> ClaimAsync(CertificateSubmission candidate, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid().ToString("N");
        var claim = Claim.ToSend;
        var row = candidate;
        Take(row, candidate, token, claim);
        if (await ledger.TryAddAsync(row, cancellationToken))
            return (row, claim);

        while (true)
        {
            row = await ledger.FindAsync(candidate.PartitionKey, candidate.RowKey, cancellationToken)
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

    private Claim ClaimFor(CertificateSubmission row, CertificateSubmission candidate)
    {
        var now = time.GetUtcNow();
        return row.State switch
        {
            SubmissionState.Waiting when row.Due is null || row.Due <= now => Claim.ToSend,
            SubmissionState.Withdrawn => Claim.ToSend,
            // Put back by a person, or dropped anew.
            SubmissionState.Rejected when row.FileId != candidate.FileId => Claim.ToSend,
            SubmissionState.Submitting when row.ClaimedUntil <= now => Claim.ToInquire,
            SubmissionState.OutcomeUnknown when row.Due <= now => Claim.ToInquire,
            _ => Claim.None,
        };
    }

    private void Take(CertificateSubmission row, CertificateSubmission candidate, string token, Claim claim)
    {
        var now = time.GetUtcNow();
        if (row.State is SubmissionState.Rejected or SubmissionState.Withdrawn)
            (row.Received, row.FirstAttempt, row.Failures, row.Report, row.Unreported) = (candidate.Received, null, 0, null, false);
        (row.Blob, row.FileId) = (candidate.Blob, candidate.FileId);
        (row.Claim, row.ClaimedUntil, row.Due) = (token, now + options.Value.Lease, null);
        row.FirstAttempt ??= now;
        if (claim == Claim.ToSend)
            row.LastAttempt = now;
        Enter(row, SubmissionState.Submitting);
    }

    private async Task SendAsync(CertificateSubmission row, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            content.Position = 0;
            row.CertificateId = await clients.For(row.PartitionKey, QuotaClass.Submission).CreateCertificateAsync(UploadOf(row, content), cancellationToken);
            Accept(row);
        }
        catch (SpringestException e) when (e.RateLimited || e.Status == HttpStatusCode.TooManyRequests)
        {
            Wait(row, Reason.WaitingForQuota, e.RetryAfter ?? options.Value.RetryDelay);
        }
        catch (SpringestException e) when (e.OutcomeUnknown)
        {
            if (await InquireAsync(row, Cause(e), cancellationToken))
                Doubt(row, Cause(e));
        }
        catch (SpringestException e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict
            or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity)
        {
            Reject(row, e);
        }
        catch (SpringestException e)
        {
            Fail(row, e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Doubt(row, "no answer in time");
        }
    }

    /// <summary>Asks Springest about a request that may have been sent.</summary>
    /// <returns>True if it may be sent again.</returns>
    private async Task<bool> InquireAsync(CertificateSubmission row, string cause, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await inquiry.AskAsync(row, cancellationToken);
            if (answer.CertificateId is { } id)
            {
                row.CertificateId = id;
                Accept(row);
                return false;
            }

            var now = time.GetUtcNow();
            if (answer.IsAbsent && options.Value.UnknownOutcome == UnknownOutcome.Retry && row.LastAttempt + options.Value.SettleTime <= now)
            {
                row.LastAttempt = now;
                return await ledger.TryUpdateAsync(row, cancellationToken);
            }

            Doubt(row, cause);
        }
        catch (SpringestException)
        {
            Doubt(row, cause);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Doubt(row, cause);
        }

        return false;
    }

    /// <summary>Writes the outcome down. If the lease was lost meanwhile, only a certificate's id still matters.</summary>
    private async Task<CertificateSubmission> SaveAsync(CertificateSubmission row)
    {
        var saved = row;
        while (!await ledger.TryUpdateAsync(saved, CancellationToken.None))
        {
            saved = await ledger.FindAsync(row.PartitionKey, row.RowKey, CancellationToken.None) ?? row;
            if (row.State != SubmissionState.Accepted || saved.State == SubmissionState.Accepted || saved.Claim == row.Claim && saved.State == row.State)
                break;
            saved.CertificateId = row.CertificateId;
            Accept(saved);
        }

        Log.Outcome(logger, saved.PartitionKey, saved.RowKey[..12], saved.State, saved.Code, saved.CertificateId);
        return saved;
    }

    private void Accept(CertificateSubmission row)
    {
        Enter(row, SubmissionState.Accepted);
        row.Unreported = true;
        row.Report = CertificateReport.Of(row).ToJson().ToString();
    }

    private void Reject(CertificateSubmission row, SpringestException e)
    {
        var problems = e.Errors.SelectMany(field => field.Value.Select(text => new Problem(Reason.RefusedBySpringest, text, field.Key is "" ? null : field.Key))).ToList();
        var words = problems.Count == 0 ? e.Excerpt : string.Join("; ", problems.Select(problem => problem.Field is null ? problem.Message : $"{problem.Field} {problem.Message}"));
        Enter(row, SubmissionState.Rejected, Reason.RefusedBySpringest, (int?)e.Status, words is { Length: > 2000 } ? words[..2000] : words);
        row.Unreported = true;
        row.Report = (CertificateReport.Of(row) with { Problems = [.. problems.Take(20)] }).ToJson().ToString();
    }

    private void Fail(CertificateSubmission row, SpringestException e)
    {
        row.Failures++;
        if (time.GetUtcNow() - row.FirstAttempt >= options.Value.RetryFor)
            Enter(row, SubmissionState.Held, Reason.AttemptsExhausted, Cause(e));
        else
            Wait(row, Reason.WaitingForRetry, e.RetryAfter ?? Backoff(row), Cause(e));
    }

    private void Wait(CertificateSubmission row, string code, TimeSpan delay, params ReadOnlySpan<object?> values)
    {
        Enter(row, SubmissionState.Waiting, code, values);
        row.Due = time.GetUtcNow() + delay;
    }

    private void Doubt(CertificateSubmission row, string cause)
    {
        row.Failures++;
        Enter(row, SubmissionState.OutcomeUnknown, Reason.OutcomeUnknown, cause);
        var now = time.GetUtcNow();
        // It is asked about for as long as it would be tried, then left to a person.
        row.Due = now - row.FirstAttempt < options.Value.RetryFor + options.Value.SettleTime ? now + Backoff(row) : null;
    }

    private void Enter(CertificateSubmission row, SubmissionState state, string? code = null, params ReadOnlySpan<object?> values)
    {
        (row.State, row.Updated) = (state, time.GetUtcNow());
        (row.Code, row.Message) = (code, code is null ? null : sentences.Say(code, values));
    }

    private TimeSpan Backoff(CertificateSubmission row)
    {
        var delay = options.Value.RetryDelay * Math.Pow(2, Math.Min(row.Failures - 1, 20));
        return delay < _longestDelay ? delay : _longestDelay;
    }

    private static string Cause(SpringestException e) => e.Status is { } status ? $"{(int)status} {status}" : "no connection";

    private static CertificateUpload UploadOf(CertificateSubmission row, Stream content) => new()
    {
        CertificationId = row.CertificationId!.Value,
        Email = row.Email!,
        ValidFrom = DateOnly.ParseExact(row.ValidFrom!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        ValidUntil = row.ValidUntil is null ? null : DateOnly.ParseExact(row.ValidUntil, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        BookingId = row.BookingId,
        FileName = BlobNames.ForReceiver(row.Blob[(row.Blob.LastIndexOf('/') + 1)..]),
        Content = content,
        ContentType = FileType.Of(row.Blob)!.MediaType,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Submission {Key} of {Site}: {State} {Code}, certificate {CertificateId}")]
        public static partial void Outcome(ILogger logger, string site, string key, SubmissionState state, string? code, long? certificateId);
    }
}
