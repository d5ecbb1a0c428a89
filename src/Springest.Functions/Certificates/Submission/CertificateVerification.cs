using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Submission;

/// <summary>
/// Reads back which of the accepted certificates Springest has verified by now, and which of those in doubt it has. Only certifications
/// that somebody waits for are asked about, and only as far back as the oldest certificate that is waited for.
/// </summary>
public sealed partial class CertificateVerification(
    CertificateLedger ledger,
    SubmissionReconciler inquiry,
    SubmissionStateMachine outcomes,
    SpringestClients clients,
    IOptions<CertificatesOptions> options,
    TimeProvider clock,
    ILogger<CertificateVerification> logger)
{
    /// <summary>Asks for every site. One that fails does not stop the others.</summary>
    /// <exception cref="AggregateException">What failed, by site.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task sites = Task.WhenAll(clients.Sites.Select(site => ReadBackAsync(site, cancellationToken)));
        await sites.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ledger.FlushAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (sites.Exception is { } failures)
            throw new AggregateException("Reading back certificates failed.", failures.InnerExceptions);
    }

    private async Task ReadBackAsync(string site, CancellationToken cancellationToken)
    {
        var (asked, verified, oldest) = (0, 0, clock.GetUtcNow() - options.Value.ReadBackFor);
        try
        {
            var doubts = await ledger.ListAsync(SubmissionState.OutcomeUnknown, site, cancellationToken).OfType<SubmissionEntity>()
                .Where(row => row.DoubtSince >= oldest).ToListAsync(cancellationToken);
            await foreach (var waiting in ByCertificationAsync(ledger.ListUnverifiedAsync(site, oldest, cancellationToken))
                .WithCancellation(cancellationToken))
            {
                asked++;
                verified += await AskAsync(site, waiting, TakeOf(doubts, waiting[0].CertificationId!.Value), cancellationToken);
            }

            while (doubts.Count > 0)
            {
                asked++;
                verified += await AskAsync(site, [], TakeOf(doubts, doubts[0].CertificationId), cancellationToken);
            }
        }
        catch (SpringestException e) when (e.RateLimited || e.IsTransient)
        {
            Log.Interrupted(logger, site, asked, e.Message);
        }

        Log.Done(logger, site, asked, verified);
    }

    private static List<SubmissionEntity> TakeOf(List<SubmissionEntity> doubts, long certification)
    {
        var taken = doubts.FindAll(row => row.CertificationId == certification);
        doubts.RemoveAll(taken.Contains);
        return taken;
    }

    /// <summary>Asks about one certification.</summary>
    /// <returns>How many certificates have been verified since.</returns>
    private async Task<int> AskAsync(
        string site, List<OpenRowEntity> waiting, List<SubmissionEntity> doubts, CancellationToken cancellationToken)
    {
        var (count, entries) = (0, waiting.ToLookup(entry => entry.CertificateId!.Value));
        var (left, listed) = (entries.Select(certificate => certificate.Key).ToHashSet(), new List<Certificate>());
        var filter = new CertificateFilter
        {
            CertificationId = waiting.Select(entry => entry.CertificationId).FirstOrDefault() ?? doubts[0].CertificationId,
            // It was made when it was sent, and may have been in doubt for long before it was accepted.
            CreatedFrom = SubmissionReconciler.DayBefore(
                waiting.Select(entry => entry.Received).Concat(doubts.Select(row => row.DoubtSince!.Value)).Min()),
        };
        await foreach (
            var certificate in clients.For(site, QuotaClass.FullPass).ListCertificates(filter).WithCancellation(cancellationToken))
        {
            if (doubts.Count > 0)
                listed.Add(certificate);
            if (left.Remove(certificate.Id))
            {
                foreach (var entry in entries[certificate.Id])
                {
                    if (await ledger.NoteStatusAsync(entry, SubmissionStateMachine.StatusOf(certificate), cancellationToken))
                        count++;
                }
            }

            if (left.Count == 0 && doubts.Count == 0)
                break;
        }

        foreach (var row in doubts)
        {
            if (await inquiry.FindAsync(row, listed, cancellationToken) is not { } certificate)
                continue;
            outcomes.AcceptListed(row, certificate);
            if (await ledger.TryUpdateAsync(row, cancellationToken) && row.VerifiedAt is not null)
                count++;
        }

        return count;
    }

    // They come in the order of their certifications.
    private static async IAsyncEnumerable<List<OpenRowEntity>> ByCertificationAsync(IAsyncEnumerable<OpenRowEntity> entries)
    {
        var group = new List<OpenRowEntity>();
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
