using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Reads back which of the accepted certificates Springest has verified by now. Only certifications that somebody waits for are
/// asked about, and only as far back as the oldest certificate that is not verified.
/// </summary>
public sealed partial class CertificateVerification(
    CertificateLedger ledger,
    SpringestClients clients,
    IOptions<CertificatesOptions> options,
    TimeProvider time,
    ILogger<CertificateVerification> logger)
{
    /// <summary>Asks for every site. One that fails does not stop the others.</summary>
    /// <exception cref="AggregateException">What failed, by site.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task sites = Task.WhenAll(clients.Sites.Select(site => ReadBackAsync(site, cancellationToken)));
        await sites.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (sites.Exception is { } failures)
            throw new AggregateException("Reading back certificates failed.", failures.InnerExceptions);
    }

    private async Task ReadBackAsync(string site, CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - options.Value.ReadBackFor;
        var (asked, verified) = (0, 0);
        try
        {
            await foreach (
                var certification in ByCertificationAsync(ledger.ListUnverifiedAsync(site, oldest, cancellationToken))
                    .WithCancellation(cancellationToken))
            {
                asked++;
                verified += await AskAsync(site, certification, cancellationToken);
            }
        }
        catch (SpringestException e) when (e.RateLimited || e.IsTransient)
        {
            Log.Interrupted(logger, site, asked, e.Message);
        }

        Log.Done(logger, site, asked, verified);
    }

    /// <summary>Asks about one certification.</summary>
    /// <returns>How many certificates have been verified since.</returns>
    private async Task<int> AskAsync(string site, List<LedgerIndexEntity> waiting, CancellationToken cancellationToken)
    {
        var (count, entries) = (0, waiting.ToLookup(entry => entry.CertificateId!.Value));
        var left = entries.Select(certificate => certificate.Key).ToHashSet();
        var filter = new CertificateFilter
        {
            CertificationId = waiting[0].CertificationId,
            // A day to spare for clocks and time zones.
            CreatedFrom = DateOnly.FromDateTime(waiting.Min(entry => entry.Since).UtcDateTime).AddDays(-1),
        };
        await foreach (
            var certificate in clients.For(site, QuotaClass.Catalogue).ListCertificates(filter).WithCancellation(cancellationToken))
        {
            if (!left.Remove(certificate.Id))
                continue;
            // Those that are listed are the verified ones; some lists do not say so.
            foreach (var entry in entries[certificate.Id])
                count += await ledger.NoteStatusAsync(
                    entry,
                    certificate.Status ?? CertificateStatus.Verified,
                    time.GetUtcNow(),
                    cancellationToken)
                    ? 1
                    : 0;
            if (left.Count == 0)
                break;
        }

        return count;
    }

    // They come in the order of their certifications.
    private static async IAsyncEnumerable<List<LedgerIndexEntity>> ByCertificationAsync(IAsyncEnumerable<LedgerIndexEntity> entries)
    {
        var group = new List<LedgerIndexEntity>();
        await foreach (var entry in entries)
        {
            if (group.Count > 0 && group[0].CertificationId != entry.CertificationId)
            {
                yield return group;
                group = [];
            }

            group.Add(entry);
        }

        if (group.Count > 0)
            yield return group;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Site}: asked about the certificates of {Certifications} certifications; {Verified} have been verified since"
        )]
        public static partial void Done(ILogger logger, string site, int certifications, int verified);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Site}: asking about certificates ended after {Certifications} certifications, the next time goes on. {Reason}"
        )]
        public static partial void Interrupted(ILogger logger, string site, int certifications, string reason);
    }
}
