using System.Globalization;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Sites;
using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Status.Report;

/// <summary>Puts together how the app stands from what each feature says of itself.</summary>
public sealed class StatusReader(
    SpringestClients clients, QuotaLimiterRegistry quota, CatalogueStatus mirror, WebhookInbox inbox, DeliveryStore deliveries,
    CertificateLedger certificates, TimeProvider time)
{
    // What a person can look through; the tables hold the rest.
    private const int MostInboxRows = 10_000;
    private const int MostDeliveries = 20;
    private const int MostForPerson = 50;

    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var quotas = Task.WhenAll(clients.Sites.Select(site => quota.ReadStatusAsync(site, cancellationToken)));
        // Of sites that are set: what one was that is no longer there concerns nobody.
        var resources = mirror
            .ReadAsync(cancellationToken)
            .Where(resource => clients.Sites.Contains(resource.Site))
            .ToListAsync(cancellationToken)
            .AsTask();
        var counts = certificates.CountAsync(cancellationToken);
        var unverified = Task.WhenAll(clients.Sites.Select(site => certificates.CountUnverifiedAsync(site, cancellationToken)));
        var undecided = certificates.ListForPersonAsync(cancellationToken).Take(MostForPerson).ToListAsync(cancellationToken).AsTask();
        var inboxes = Task.WhenAll(clients.Sites.Select(site => inbox.SummariseAsync(site, MostInboxRows, cancellationToken)));
        var latest = Task.WhenAll(clients.Sites.Select(
            site => deliveries.ListLatestAsync(site, cancellationToken).Take(MostDeliveries).ToListAsync(cancellationToken).AsTask()));
        await Task.WhenAll(quotas, resources, counts, unverified, undecided, inboxes, latest);
        return Report(await quotas, await resources, await counts, await unverified, await undecided, await inboxes, await latest);
    }

    private StatusReport Report(
        IReadOnlyList<QuotaStatus>[] quotas,
        List<ResourceStatus> resources,
        IReadOnlyDictionary<(string Site, SubmissionState State), int> counts,
        int[] unverified,
        List<SubmissionEntity> undecided,
        InboxSummary[] inboxes,
        List<DeliveryEntity>[] latest)
    {
        var sites = clients.Sites.Select((site, i) => new SiteStatus(
            site,
            [.. quotas[i].Select(Figures)],
            [.. resources.Where(resource => resource.Site == site)],
            Figures(inboxes[i]),
            [.. latest[i].Select(Figures)],
            [.. counts.Where(count => count.Key.Site == site).OrderBy(count => count.Key.State)
                .Select(count => Figures(count.Key.State, count.Value, unverified[i]))]));
        return new StatusReport(
            time.GetUtcNow(),
            [.. sites],
            [
                .. resources.Where(resource => resource.Problem is not null).Select(Stopped),
                .. resources.Where(resource => resource.HoldSince is not null).Select(Held),
                .. undecided.Select(Undecided),
                .. inboxes.SelectMany(site => site.DeadLettered).Take(MostForPerson).Select(DeadLettered),
            ]);
    }

    private static QuotaFigures Figures(QuotaStatus quota) => new(
        quota.Key.ToString(),
        quota.Limit,
        quota.Used,
        quota.Left.ToDictionary(each => each.Key.ToString(), each => each.Value),
        quota.BlockedUntil,
        quota.CurveFrom,
        quota.Curve);

    private static CertificateFigures Figures(SubmissionState state, int count, int unverified)
        => new(state.ToString(), count, count == CertificateLedger.MostCounted, state == SubmissionState.Accepted ? unverified : null);

    private static InboxFigures Figures(InboxSummary inbox) => new(inbox.Waiting, inbox.More, inbox.Oldest, inbox.DeadLettered.Count);

    private static DeliveryFigures Figures(DeliveryEntity delivery)
        => new(delivery.RowKey, delivery.Received, delivery.Accepted, delivery.Ignored, delivery.Objects, delivery.Bytes);

    private static AttentionItem Stopped(ResourceStatus resource) => new(resource.Site, resource.Resource, resource.Problem!, null);

    private static AttentionItem Held(ResourceStatus resource) => new(
        resource.Site,
        resource.Resource,
        string.Create(CultureInfo.InvariantCulture, $"{resource.HoldMissing} records are missing at once, so that none is deleted."),
        resource.HoldSince);

    private static AttentionItem Undecided(SubmissionEntity submission)
        => new(submission.PartitionKey, submission.Blob, submission.Message ?? submission.State.ToString(), submission.Updated);

    private static AttentionItem DeadLettered(InboxItemEntity row)
    {
        var (about, id) = row.Subject();
        return new(row.PartitionKey, $"{about} {id}", row.Error ?? "It was given up.", row.Named);
    }
}
