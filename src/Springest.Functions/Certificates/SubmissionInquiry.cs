using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates;

/// <summary>
/// Asks Springest whether a certificate arrived whose answer did not. It lists no files, so a certificate is recognised by person,
/// certification and dates, leaving out those that belong to other submissions.
/// </summary>
public sealed class SubmissionInquiry(CertificateLedger ledger, SpringestClients clients)
{
    /// <summary>What the list tells.</summary>
    /// <param name="CertificateId">The certificate's id, if it arrived.</param>
    /// <param name="IsAbsent">True if it is not on the list. False with no id: the list cannot tell.</param>
    public readonly record struct Answer(long? CertificateId, bool IsAbsent);

    /// <exception cref="SpringestException">The list could not be had.</exception>
    public async Task<Answer> AskAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(row, cancellationToken);
        if (listed.Count == 0)
            return new Answer(null, IsAbsent: true);

        // Read after the list, so that whoever has put a certificate there is still at it, or has written down its id.
        var peers = (await ledger.ListPeersAsync(row, cancellationToken)).FindAll(peer => SameDates(peer, row));
        if (peers.Exists(peer => peer.State == SubmissionState.Submitting))
            return new Answer(null, IsAbsent: false);

        var taken = peers.Where(peer => peer.State == SubmissionState.Accepted).Select(peer => peer.CertificateId).ToHashSet();
        listed.RemoveAll(id => taken.Contains(id));
        if (listed.Count == 0)
            return new Answer(null, IsAbsent: true);

        // Several may be in doubt at once. If there is one for each, everybody comes to the same distribution; otherwise nobody can tell.
        var doubted = peers.Where(peer => peer.State == SubmissionState.OutcomeUnknown).Select(peer => peer.RowKey).Append(row.RowKey)
            .Order(StringComparer.Ordinal).ToList();
        return listed.Count >= doubted.Count
            ? new Answer(listed.Order().ElementAt(doubted.IndexOf(row.RowKey)), IsAbsent: false)
            : new Answer(null, IsAbsent: false);
    }

    private async Task<List<long>> ListAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        var filter = new CertificateFilter
        {
            Email = row.Email,
            CertificationId = row.CertificationId,
            // A day to spare for clocks and time zones.
            CreatedFrom = DateOnly.FromDateTime(row.FirstAttempt!.Value.UtcDateTime).AddDays(-1),
        };
        var ids = new HashSet<long>();
        await foreach (var certificate in clients.For(row.PartitionKey, QuotaClass.Submission).ListCertificates(filter).WithCancellation(cancellationToken))
        {
            // The filter is an optional one: what it lets through is compared all the same.
            if ((certificate.CertificationId ?? row.CertificationId) == row.CertificationId
                && CertificateFields.Text(certificate.ValidFrom) == row.ValidFrom
                && (certificate.ValidUntil is null || CertificateFields.Text(certificate.ValidUntil) == row.ValidUntil))
                ids.Add(certificate.Id);
        }

        return [.. ids];
    }

    private static bool SameDates(CertificateSubmission peer, CertificateSubmission row)
        => peer.ValidFrom == row.ValidFrom && peer.ValidUntil == row.ValidUntil;
}
