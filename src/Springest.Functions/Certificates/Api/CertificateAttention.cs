using System.Globalization;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Api;

/// <summary>What a person has to do about certificates, the worst first; told in a few requests, however many there are.</summary>
public sealed class CertificateAttention(
    OpenRows open, SendingGate gate, LedgerKeys keys, Sentences sentences, IOptions<CertificatesOptions> options, TimeProvider clock)
{
    private const string Sending = "certificates";

    // As many as storage gives at once: very many of one kind hide none of another.
    private const int MostRead = 1000;

    /// <param name="most">How many of each kind.</param>
    public async Task<IReadOnlyList<AttentionNote>> ListAsync(int most, CancellationToken cancellationToken)
    {
        var fault = await keys.FindFaultAsync(cancellationToken);
        var sites = gate.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken).AsTask();
        var undecided = open.ListAllAsync(OpenRows.ForPerson, null, MostRead, cancellationToken);
        var old = open.ListAllAsync(OpenRows.OnTheWay, clock.GetUtcNow() - options.Value.RetryFor, MostRead, cancellationToken);
        var refused = open.ListAllAsync(OpenRows.Refused, null, MostRead, cancellationToken);
        await Task.WhenAll(sites, undecided, old, refused);
        return
        [
            .. fault is null ? [] : (AttentionNote[])[Word(new("ledger-key-lost", "", Sending, "", null), Reason.LedgerKeyLost)],
            .. (await sites).SelectMany(OfSite),
            .. (await undecided).Concat(await old).Concat(await refused)
                .DistinctBy(entry => (entry.PartitionKey, entry.Row))
                .GroupBy(KindOf).SelectMany(kind => kind.Take(most)).Select(OfRow),
        ];
    }

    private static string KindOf(OpenRowEntity entry) => entry.Stuck is not null ? "file-stuck" : entry.State switch
    {
        SubmissionState.OutcomeUnknown => "certificate-unknown",
        SubmissionState.Held => "certificate-held",
        SubmissionState.Rejected or SubmissionState.Withdrawn or SubmissionState.Expired =>
            Manifest.IsOne(entry.Blob) ? "list-refused" : "certificate-rejected",
        _ => "certificate-waiting",
    };

    private AttentionNote OfRow(OpenRowEntity entry)
        => entry.Stuck is { } stuck
            ? Word(
                new(KindOf(entry), entry.PartitionKey, entry.Blob, "", entry.Since, entry.Row), Reason.StorageRefusesFile,
                [.. Problem.Unpack(stuck)])
            : new(
                KindOf(entry), entry.PartitionKey, entry.Blob, entry.Message ?? entry.State.ToString(), entry.Since, entry.Row, entry.Code,
                Problem.Unpack(entry.Values));

    private IEnumerable<AttentionNote> OfSite(SendingStateEntity state)
    {
        var site = state.PartitionKey;
        var gap = new AttentionNote("sending-gap", site, Sending, "", state.StoppedAt);
        if (state.RestoredLines is not null)
            yield return Word(gap, Reason.LedgerUnrestored);
        else if (state.GapFrom == DateTimeOffset.UnixEpoch)
            yield return Word(gap, Reason.LedgerUncopied);
        else if (state.GapFrom is { } from)
            yield return Word(gap, Reason.LedgerGap, from);
        else if (state.StoppedAt is not null)
            yield return Word(
                new("sending-stopped", site, state.StoppedBy ?? "Springest__Certificates__StartStopped", "", state.StoppedAt),
                Reason.SendingStopped);
        if (state.PausedAt is not null)
            yield return Word(new("site-refuses", site, Sending, "", state.PausedAt), Reason.WaitingForSite, state.PauseCause);
        foreach (var refused in state.ReadRefused())
            yield return Word(
                new("certification-refused", site, refused.Id.ToString(CultureInfo.InvariantCulture), "", refused.Since),
                Reason.WaitingForCertification, refused.Cause);
    }

    private AttentionNote Word(AttentionNote note, string code, params ReadOnlySpan<object?> values)
    {
        var problem = Problem.About(null, code, values);
        return note with { Reason = sentences.For(note.Site).Say(problem), Code = code, Values = problem.Values };
    }
}
