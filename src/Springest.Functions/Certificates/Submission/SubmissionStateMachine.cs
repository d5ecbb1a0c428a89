using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Submission;

/// <summary>Puts into a submission's row what became of an attempt, and what is to happen next.</summary>
public sealed class SubmissionStateMachine(Sentences sentences, IOptions<CertificatesOptions> options, TimeProvider time)
{
    // What people can take in, and a row can hold.
    private const int MostWords = 2000;
    private const int MostWordsOfOne = 500;
    private const int MostProblems = 20;

    private static readonly TimeSpan _longestDelay = TimeSpan.FromHours(1);

    /// <summary>Springest has it.</summary>
    public void Accept(SubmissionEntity row, long? certificateId)
    {
        row.CertificateId = certificateId;
        Enter(row, SubmissionState.Accepted);
        Report(row, CertificateReport.Of(row));
    }

    /// <summary>Springest does not want it.</summary>
    public void Reject(SubmissionEntity row, SpringestException e)
    {
        var problems = e
            .Errors.SelectMany(field =>
                field.Value.Select(text => new Problem(
                    Reason.RefusedBySpringest,
                    StoredText.Cut(text, MostWordsOfOne),
                    field.Key is "" ? null : StoredText.Cut(field.Key, MostWordsOfOne))))
            .Take(MostProblems)
            .ToList();
        var words =
            problems.Count == 0
                ? e.Excerpt
                : string.Join("; ", problems.Select(problem => $"{problem.Field} {problem.Message}".TrimStart()));
        Enter(
            row,
            SubmissionState.Rejected,
            Reason.RefusedBySpringest,
            (int?)e.Status,
            words is null ? null : StoredText.Cut(words, MostWords));
        Report(row, CertificateReport.Of(row) with { Problems = problems });
    }

    /// <summary>It did not arrive, for a reason that is not its own.</summary>
    public void Fail(SubmissionEntity row, SpringestException e)
    {
        row.Failures++;
        if (time.GetUtcNow() - row.FirstAttempt >= options.Value.RetryFor)
            Enter(row, SubmissionState.Held, Reason.AttemptsExhausted, CauseOf(e));
        else
            Wait(row, Reason.WaitingForRetry, e.RetryAfter ?? Backoff(row), CauseOf(e));
    }

    /// <summary>The app was stopped before it was sent; whoever comes next sends it.</summary>
    public void PutDown(SubmissionEntity row)
    {
        if (row.Failures == 0)
            row.FirstAttempt = null;
        Enter(row, SubmissionState.Waiting);
        row.Due = null;
    }

    /// <summary>There was no permit to send it.</summary>
    public void WaitForQuota(SubmissionEntity row, TimeSpan? delay) => WaitUntried(row, Reason.WaitingForQuota, delay);

    /// <summary>Its file could not be fetched.</summary>
    public void WaitForStorage(SubmissionEntity row) => WaitUntried(row, Reason.WaitingForStorage, delay: null);

    /// <summary>Nobody knows whether it arrived. It is asked about for as long as it would be tried, then left to a person.</summary>
    public void MarkOutcomeUnknown(SubmissionEntity row, string cause)
    {
        row.Failures++;
        Enter(row, SubmissionState.OutcomeUnknown, Reason.OutcomeUnknown, cause);
        var now = time.GetUtcNow();
        row.Due = now - row.FirstAttempt < options.Value.RetryFor + options.Value.SettleTime ? now + Backoff(row) : null;
    }

    /// <summary>Its file was taken away before it was sent.</summary>
    public void Withdraw(SubmissionEntity row) => Enter(row, SubmissionState.Withdrawn);

    /// <summary>What went wrong, in few words that name nobody.</summary>
    public static string CauseOf(SpringestException e) => e.Status is { } status ? $"{(int)status} {status}" : "no connection";

    // The time for attempts does not begin before the first.
    private void WaitUntried(SubmissionEntity row, string code, TimeSpan? delay)
    {
        if (row.Failures == 0)
            row.FirstAttempt = null;
        Wait(row, code, delay ?? options.Value.RetryDelay);
    }

    private void Wait(SubmissionEntity row, string code, TimeSpan delay, params ReadOnlySpan<object?> values)
    {
        Enter(row, SubmissionState.Waiting, code, values);
        row.Due = time.GetUtcNow() + delay;
    }

    private void Enter(SubmissionEntity row, SubmissionState state, string? code = null, params ReadOnlySpan<object?> values)
    {
        (row.State, row.Updated) = (state, time.GetUtcNow());
        (row.Code, row.Message) = (code, code is null ? null : sentences.Say(code, values));
    }

    private static void Report(SubmissionEntity row, CertificateReport report)
        => (row.Report, row.Unreported) = (report.ToJson().ToString(), true);

    private TimeSpan Backoff(SubmissionEntity row)
    {
        var delay = options.Value.RetryDelay * Math.Pow(2, Math.Min(row.Failures - 1, 20));
        return delay < _longestDelay ? delay : _longestDelay;
    }
}
