using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Asks Springest whether a certificate arrived whose answer did not. It lists no files, so a certificate is recognised by person,
/// certification and dates, leaving out those that belong to other submissions.
/// </summary>
public sealed class SubmissionReconciler(CertificateLedger ledger, SpringestClients clients)
{
    private static readonly Answer _unclear = new(null, IsAbsent: false);

    /// <summary>What the list tells.</summary>
    /// <param name="CertificateId">The certificate's id, if it arrived.</param>
    /// <param name="IsAbsent">True if it is not on the list. False with no id: the list cannot tell.</param>
    public readonly record struct Answer(long? CertificateId, bool IsAbsent);

    /// <exception cref="SpringestException">The list could not be had.</exception>
    public async Task<Answer> AskAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(row, cancellationToken);
        if (listed.Count == 0)
            return new Answer(null, IsAbsent: true);

        // Read after the list, so that whoever has put a certificate there is still at it, or has written down its id.
        var peers = (await ledger.ListPeersAsync(row, cancellationToken)).FindAll(peer => SameDates(peer, row));
        if (peers.Exists(peer => peer.State == SubmissionState.Submitting))
            return _unclear;

        var taken = peers.Where(peer => peer.State == SubmissionState.Accepted).Select(peer => peer.CertificateId).ToHashSet();
        listed.RemoveAll(certificate => taken.Contains(certificate.Id));
        if (listed.Count == 0)
            return new Answer(null, IsAbsent: true);
        if (listed.Exists(certificate => certificate.User?.Email is null))
            return _unclear;

        // Several may be without a number at once. If there is one for each, everybody comes to the same distribution; otherwise nobody can
        // tell.
        var numberless = peers
            .Where(peer => peer is { State: SubmissionState.OutcomeUnknown } or { State: SubmissionState.Accepted, CertificateId: null })
            .Select(peer => peer.RowKey)
            .Append(row.RowKey)
            .Order(StringComparer.Ordinal)
            .ToList();
        return listed.Count >= numberless.Count
            ? new Answer(listed.Select(certificate => certificate.Id).Order().ElementAt(numberless.IndexOf(row.RowKey)), IsAbsent: false)
            : _unclear;
    }

    /// <summary>The certificates that may be the row's.</summary>
    private async Task<List<Certificate>> ListAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var filter = new CertificateFilter
        {
            Email = row.Email,
            CertificationId = row.CertificationId,
            // A day to spare for clocks and time zones.
            CreatedFrom = DateOnly.FromDateTime(row.FirstAttempt!.Value.UtcDateTime).AddDays(-1),
        };
        var certificates = clients.For(row.PartitionKey, QuotaClass.Submission).ListCertificates(filter);
        return await certificates
            .Where(certificate => MayBe(certificate, row))
            .DistinctBy(certificate => certificate.Id)
            .ToListAsync(cancellationToken);
    }

    // Whether Springest goes by the filter nobody knows: what it lets through is compared all the same.
    private static bool MayBe(Certificate certificate, SubmissionEntity row)
        => (certificate.CertificationId ?? row.CertificationId) == row.CertificationId
            && (certificate.User?.Email is not { } email || email.Trim().Equals(row.Email, StringComparison.OrdinalIgnoreCase))
            && CertificateFields.Text(certificate.ValidFrom) == row.ValidFrom
            && (certificate.ValidUntil is null || CertificateFields.Text(certificate.ValidUntil) == row.ValidUntil);

    private static bool SameDates(SubmissionEntity peer, SubmissionEntity row)
        => peer.ValidFrom == row.ValidFrom && peer.ValidUntil == row.ValidUntil;
}
