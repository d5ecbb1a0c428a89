using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Finds out whether a certificate arrived whose answer did not. Springest lists no files, and only what is verified: a certificate is
/// recognised by person, certification and dates, leaving out those that belong to other submissions; one that is not listed may be there
/// all the same.
/// </summary>
public sealed class SubmissionReconciler(CertificateLedger ledger, LedgerKeys keys, DuplicateGuard guard, SpringestClients clients)
{
    /// <summary>Asks for the certificates of a submission's person, who must be known.</summary>
    /// <returns>The certificate; null if the list does not tell.</returns>
    /// <exception cref="SpringestException">The list could not be had.</exception>
    public async Task<Certificate?> AskAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        var filter = new CertificateFilter
        {
            Email = row.Email,
            CertificationId = row.CertificationId,
            CreatedFrom = DayBefore(row.DoubtSince ?? row.Updated),
        };
        var listed = await clients.For(row.PartitionKey, QuotaClass.Submission).ListCertificates(filter).ToListAsync(cancellationToken);
        return await FindAsync(row, listed, cancellationToken);
    }

    /// <summary>A day to spare for clocks and time zones.</summary>
    public static DateOnly DayBefore(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).AddDays(-1);

    /// <summary>Finds a submission's certificate in a list.</summary>
    /// <returns>Null if the list does not tell.</returns>
    public async Task<Certificate?> FindAsync(
        SubmissionEntity row, IEnumerable<Certificate> certificates, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var listed = certificates.Where(certificate => MayBe(certificate, row, key)).DistinctBy(certificate => certificate.Id).ToList();
        if (listed.Count == 0)
            return null;

        // Read after the list, so that whoever has put a certificate there is still at it, or has written down its id.
        var peers = (await guard.ListPeersAsync(row, cancellationToken)).FindAll(peer => MayBeSame(peer, row));
        if (peers.Exists(peer => peer.State == SubmissionState.Submitting))
            return null;
        foreach (var certificate in listed.ToList())
        {
            if (await IsAnothersAsync(row, certificate.Id, cancellationToken))
                listed.Remove(certificate);
        }

        if (listed.Count == 0 || listed.Exists(certificate => certificate.User?.Email is null))
            return null;

        // Several may be without a number at once. If there is one for each, everybody comes to the same distribution; otherwise nobody can
        // tell.
        var numberless = peers
            .Where(peer => peer is { State: SubmissionState.OutcomeUnknown } or { State: SubmissionState.Accepted, CertificateId: null })
            .Select(peer => peer.RowKey)
            .Append(row.RowKey)
            .Order(StringComparer.Ordinal)
            .ToList();
        return listed.Count >= numberless.Count
            ? listed.OrderBy(certificate => certificate.Id).ElementAt(numberless.IndexOf(row.RowKey))
            : null;
    }

    /// <summary>Whether another submission was accepted under a number.</summary>
    public async Task<bool> IsAnothersAsync(SubmissionEntity row, long number, CancellationToken cancellationToken)
        => await ledger.SearchAsync(row.PartitionKey, null, number, null, cancellationToken)
            .AnyAsync(other => other.RowKey != row.RowKey && other.State == SubmissionState.Accepted, cancellationToken);

    // Whether Springest goes by the filter nobody knows: what it lets through is compared all the same.
    private static bool MayBe(Certificate certificate, SubmissionEntity row, LedgerKey key)
        => (certificate.CertificationId ?? row.CertificationId) == row.CertificationId
            && (certificate.User?.Email is not { } email || key.Person(email) == row.Person)
            && CertificateFields.Text(certificate.ValidFrom) == row.ValidFrom
            && (certificate.ValidUntil is null || CertificateFields.Text(certificate.ValidUntil) == row.ValidUntil);

    private static bool MayBeSame(SubmissionEntity peer, SubmissionEntity row)
        => peer.ValidFrom == row.ValidFrom && (peer.ValidUntil ?? row.ValidUntil) == (row.ValidUntil ?? peer.ValidUntil);
}
