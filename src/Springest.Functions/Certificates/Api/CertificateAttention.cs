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

    /// <param name="most">How many of each kind.</param>
    public async Task<IReadOnlyList<AttentionNote>> ListAsync(int most, CancellationToken cancellationToken)
    {
        var fault = await keys.FindFaultAsync(cancellationToken);
        var sites = gate.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken).AsTask();
        var undecided = open.ListAllAsync(OpenRows.ForPerson, null, most, cancellationToken);
        var old = open.ListAllAsync(OpenRows.OnTheWay, clock.GetUtcNow() - options.Value.RetryFor, most, cancellationToken);
        var refused = open.ListAllAsync(OpenRows.Refused, null, most, cancellationToken);
        await Task.WhenAll(sites, undecided, old, refused);
        return
        [
            .. fault is null ? [] : (AttentionNote[])[new("ledger-key-lost", "", Sending, sentences.AboutLostKey(), null)],
            .. (await sites).SelectMany(OfSite),
            .. (await undecided).Concat(await old).Concat(await refused)
                .Select(entry => new AttentionNote(
                    KindOf(entry), entry.PartitionKey, entry.Blob, entry.Message ?? entry.State.ToString(), entry.Since, entry.Row)),
        ];
    }

    private static string KindOf(OpenRowEntity entry) => entry.State switch
    {
        SubmissionState.OutcomeUnknown => "certificate-unknown",
        SubmissionState.Held => "certificate-held",
        SubmissionState.Rejected or SubmissionState.Withdrawn or SubmissionState.Expired =>
            Manifest.IsOne(entry.Blob) ? "list-refused" : "certificate-rejected",
        _ => "certificate-waiting",
    };

    private IEnumerable<AttentionNote> OfSite(SendingStateEntity state)
    {
        if (state.GapFrom is { } gap)
            yield return new("sending-gap", state.PartitionKey, Sending, sentences.AboutGap(gap), state.StoppedAt);
        else if (state.StoppedCode is { } code)
            yield return new(
                "sending-stopped", state.PartitionKey, state.StoppedBy ?? "Springest__Certificates__StartStopped", sentences.Say(code),
                state.StoppedAt);
        if (state.HaltedAt is not null)
            yield return new(
                "site-refuses", state.PartitionKey, Sending, sentences.Say(Reason.WaitingForSite, sentences.Word(state.HaltCause)),
                state.HaltedAt);
        foreach (var refused in state.ReadRefused())
            yield return new(
                "certification-refused", state.PartitionKey, refused.Id.ToString(CultureInfo.InvariantCulture),
                sentences.Say(Reason.WaitingForCertification, refused.Cause), refused.Since);
    }
}
