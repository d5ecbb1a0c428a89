using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Submission;

/// <summary>Puts into a submission's row what became of it, and what is to happen next.</summary>
public sealed class SubmissionStateMachine(Sentences sentences, IOptions<CertificatesOptions> options, TimeProvider clock)
{
    // What people can take in, and a row can hold.
    private const int MostWords = 2000;
    private const int MostWordsOfOne = 500;

    /// <summary>Springest has it.</summary>
    public void Accept(SubmissionEntity row, long? certificateId)
    {
        (row.CertificateId, row.Unhandled) = (certificateId, false);
        Enter(row, SubmissionState.Accepted);
        Report(row, CertificateReport.Of(row));
    }

    /// <summary>Springest lists it, and therefore has it.</summary>
    public void AcceptListed(SubmissionEntity row, Certificate certificate)
    {
        Accept(row, certificate.Id);
        row.NoteStatus(StatusOf(certificate), clock.GetUtcNow());
    }

    /// <summary>How far a listed certificate is. Those that are listed are the verified ones; some lists do not say so.</summary>
    public static CertificateStatus StatusOf(Certificate certificate) => certificate.Status ?? CertificateStatus.Verified;

    /// <summary>Springest does not want it.</summary>
    public void Reject(SubmissionEntity row, SpringestException e)
    {
        var problems = e
            .Errors.SelectMany(field =>
                field.Value.Select(text => new Problem(
                    Reason.RefusedBySpringest,
                    StoredText.Cut(text, MostWordsOfOne),
                    field.Key is "" ? null : StoredText.Cut(field.Key, MostWordsOfOne))))
            .Take(Problem.Most)
            .ToList();
        var words =
            problems.Count == 0
                ? e.Excerpt
                : string.Join("; ", problems.Select(problem => $"{problem.Field} {problem.Message}".TrimStart()));
        row.Unhandled = true;
        Enter(
            row,
            SubmissionState.Rejected,
            Reason.RefusedBySpringest,
            (int?)e.Status,
            words is null ? null : StoredText.Cut(words, MostWords));
        Report(row, CertificateReport.Of(row) with { Problems = problems });
    }

    /// <summary>Springest has the certificate already, from another file.</summary>
    public void SetAside(SubmissionEntity row, SubmissionEntity first)
    {
        (row.Other, row.CertificateId, row.Unhandled) = (first.RowKey, first.CertificateId, false);
        Enter(
            row, SubmissionState.Duplicate, first.CertificateId is null ? Reason.DuplicateUnnumbered : Reason.Duplicate,
            NameOf(first), first.CertificateId);
        row.Code = Reason.Duplicate;
        Report(row, CertificateReport.Of(row) with { DuplicateOf = first.RowKey });
    }

    /// <summary>It may not be sent now, for a reason that is not its own.</summary>
    /// <returns>False if the row says so already.</returns>
    public bool Deny(SubmissionEntity row, SendingGate.Denial denial)
    {
        var before = (row.State, row.Code, row.Message);
        Wait(row, SubmissionState.Ready, denial.Code, null, denial.Cause);
        return before != (row.State, row.Code, row.Message);
    }

    /// <summary>Another one of the same certificate is on its way.</summary>
    /// <returns>False if the row says so already.</returns>
    public bool WaitForOther(SubmissionEntity row, SubmissionEntity other)
    {
        var before = (row.State, row.Code, row.Other);
        row.Other = other.RowKey;
        Wait(row, SubmissionState.Waiting, Reason.WaitingForFirst, null, NameOf(other));
        return before != (row.State, row.Code, row.Other);
    }

    /// <summary>The app was stopped before it was sent; whoever comes next sends it.</summary>
    public void PutDown(SubmissionEntity row)
    {
        Release(row);
        Enter(row, SubmissionState.Ready);
        row.Due = null;
    }

    /// <summary>It did not leave, or was not let in, for a reason that is not its own.</summary>
    public void WaitForRetry(SubmissionEntity row, TimeSpan? delay, string cause)
        => Wait(row, SubmissionState.Waiting, Reason.WaitingForRetry, delay ?? options.Value.RetryDelay, cause);

    /// <summary>There was no permit to send it.</summary>
    public void WaitForQuota(SubmissionEntity row, TimeSpan? delay)
        => Wait(row, SubmissionState.Waiting, Reason.WaitingForQuota, delay ?? options.Value.RetryDelay);

    /// <summary>Storage could not be read or written before it was sent.</summary>
    public void WaitForStorage(SubmissionEntity row)
        => Wait(row, SubmissionState.Waiting, Reason.WaitingForStorage, options.Value.RetryDelay);

    /// <summary>Nobody knows whether it arrived.</summary>
    /// <param name="row">The row.</param>
    /// <param name="cause">Why not.</param>
    /// <param name="isOver">Whether its sender is certain that nothing of it is on its way any more.</param>
    public void Doubt(SubmissionEntity row, string cause, bool isOver)
    {
        (row.DoubtSince, row.ClaimedUntil, row.Due) = (row.Sending ?? clock.GetUtcNow(), null, null);
        if (isOver)
            row.Sending = null;
        Enter(row, SubmissionState.OutcomeUnknown, Reason.OutcomeUnknown, cause);
    }

    /// <summary>Whoever was sending it has vanished, or has stalled, and may have sent it or be about to.</summary>
    public void DoubtVanished(SubmissionEntity row)
    {
        (row.DoubtSince, row.Due) = (row.Sending ?? row.Updated, null);
        Enter(row, SubmissionState.OutcomeUnknown, Reason.OutcomeUnknown, Cause.Vanished);
    }

    /// <summary>It comes from a copy of the ledger, and may have been sent since.</summary>
    public void DoubtRestored(SubmissionEntity row)
    {
        row.DoubtSince ??= row.Received;
        Enter(row, SubmissionState.OutcomeUnknown, Reason.OutcomeUnknown, Cause.Restored);
    }

    /// <summary>Its file was taken away before it was sent.</summary>
    public void Withdraw(SubmissionEntity row)
    {
        Release(row);
        Enter(row, SubmissionState.Withdrawn);
    }

    /// <summary>Nobody is to ask any more whether it arrived, since the person is to be forgotten. It may have.</summary>
    public void GiveUp(SubmissionEntity row)
    {
        (row.Claim, row.ClaimedUntil, row.Sending) = (null, null, null);
        Enter(row, SubmissionState.PerhapsSent);
    }

    /// <summary>Nothing is under way any more under the row's claim, and nothing arrived.</summary>
    public static void Release(SubmissionEntity row)
        => (row.Claim, row.ClaimedUntil, row.Sending, row.DoubtSince) = (null, null, null, null);

    /// <summary>What went wrong, in few words that name nobody.</summary>
    public static string CauseOf(SpringestException e) => e.Status is { } status ? $"{(int)status}" : Cause.NoConnection;

    // What waits for long enough that a person should know is held; it goes on by itself all the same.
    private void Wait(SubmissionEntity row, SubmissionState state, string code, TimeSpan? delay, string? cause = null)
    {
        Release(row);
        Enter(row, clock.GetUtcNow() - row.Received >= options.Value.RetryFor ? SubmissionState.Held : state, code, cause);
        row.Due = delay is { } time ? clock.GetUtcNow() + time : null;
    }

    private void Enter(SubmissionEntity row, SubmissionState state, string? code = null, params ReadOnlySpan<object?> values)
    {
        if (row.State != state)
            row.Updated = clock.GetUtcNow();
        row.State = state;
        // Of a file that has been refused again, it is about to be said again.
        if (code != Reason.WaitingForStorage)
            row.Stuck = null;
        (row.Code, row.Message, row.Values) = code is null
            ? (null, null, null)
            : (code, sentences.For(row.PartitionKey).Say(code, values), Problem.Pack(values));
    }

    // A stub has no file's name any more.
    private static string NameOf(SubmissionEntity row) => row.Blob.Length > 0 ? row.Blob : row.RowKey;

    private static void Report(SubmissionEntity row, CertificateReport report)
        => (row.Report, row.Unreported) = (report.ToJson().ToString(), true);
}
