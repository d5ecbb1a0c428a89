using System.Globalization;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Sites;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Processing;

namespace Springest.Functions.Status.Report;

/// <summary>Puts together how the app stands from what each feature says of itself.</summary>
public sealed class StatusReader(
    SpringestClients clients, QuotaLimiterRegistry quota, CatalogueStatus mirror, WebhookInbox inbox, DeliveryStore deliveries,
    DeleteGuard guard, CertificateLedger certificates, CertificateAttention attention, CertificateBacklog backlog,
    AppFaults faults, IOptionsMonitor<ResourceOptions> resourceOptions, TimeProvider time)
{
    // What a person can look through; the tables hold the rest.
    private const int MostInboxRows = 10_000;
    private const int MostDeliveries = 20;
    private const int MostForPerson = 50;

    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var sites = Task.WhenAll(clients.Sites.Select(site => AskAsync(site, cancellationToken)));
        // Of sites that are set: what one was that is no longer there concerns nobody.
        var resources = mirror
            .ReadAsync(cancellationToken)
            .Where(resource => clients.Sites.Contains(resource.Site))
            .ToListAsync(cancellationToken)
            .AsTask();
        var counts = certificates.CountAsync(cancellationToken);
        var undecided = attention.ListAsync(MostForPerson, cancellationToken);
        var poisoned = backlog.CountPoisonedAsync(cancellationToken);
        var oldest = ReadOldestAsync();
        var ofTheApp = faults.ListAsync(cancellationToken);
        await Task.WhenAll(sites, resources, counts, undecided, poisoned, oldest, ofTheApp);
        return Report(await sites, await resources, await counts, await undecided, await poisoned, await oldest, await ofTheApp);

        async Task<IReadOnlyDictionary<string, OldestFile>> ReadOldestAsync()
            => await backlog.ReadOldestAsync((await undecided).Select(note => note.Subject).ToHashSet(), cancellationToken);
    }

    private async Task<SiteAnswers> AskAsync(string site, CancellationToken cancellationToken)
    {
        var quotas = quota.ReadStatusAsync(site, cancellationToken);
        var unverified = certificates.CountUnverifiedAsync(site, cancellationToken);
        var summary = inbox.SummariseAsync(site, MostInboxRows, cancellationToken);
        var latest = ListAsync(deliveries.ListLatestAsync(site, cancellationToken), MostDeliveries);
        var notUnderstood = ListAsync(deliveries.ListNotUnderstoodAsync(site, cancellationToken), MostForPerson);
        var holds = guard.ListAsync(site, cancellationToken);
        await Task.WhenAll(quotas, unverified, summary, latest, notUnderstood, holds);
        return new(site, await quotas, await unverified, await summary, await latest, await notUnderstood, await holds);

        Task<List<DeliveryEntity>> ListAsync(IAsyncEnumerable<DeliveryEntity> all, int most)
            => all.Take(most).ToListAsync(cancellationToken).AsTask();
    }

    private StatusReport Report(
        SiteAnswers[] sites,
        List<ResourceStatus> resources,
        IReadOnlyDictionary<(string Site, SubmissionState State), int> counts,
        IReadOnlyList<AttentionNote> undecided,
        int poisoned,
        IReadOnlyDictionary<string, OldestFile> oldest,
        IReadOnlyList<AttentionItem> ofTheApp)
    {
        var now = time.GetUtcNow();
        SiteStatus[] status = [.. sites.Select(site => new SiteStatus(
            site.Site,
            site.Quotas,
            [.. resources.Where(resource => resource.Site == site.Site)],
            Figures(site.Inbox),
            [.. site.Latest.Select(Figures)],
            [.. counts.Where(count => count.Key.Site == site.Site).OrderBy(count => count.Key.State)
                .Select(count => Figures(count.Key.State, count.Value, site.Unverified))]))];
        return new StatusReport(
            now,
            status,
            [
                .. ofTheApp,
                .. resources.Where(resource => resource.IsKeyRejected).GroupBy(KeyOf).Select(KeyRejected),
                .. sites.SelectMany(site => site.Quotas.Where(quota => quota.BlockedUntil > now)
                    .Select(quota => Blocked(site.Site, quota))),
                .. poisoned == 0 ? [] : (AttentionItem[])[Poisoned(poisoned)],
                .. resources.Where(resource => resource.Problem is not null && !resource.IsKeyRejected).Select(Stopped),
                .. resources.Select(resource => Overdue.Find(resource, resourceOptions.Get(resource.Resource).FullPassInterval, now))
                    .OfType<AttentionItem>(),
                .. resources.Where(resource => resource.IsPaused).Select(Paused),
                .. resources.Where(resource => resource.HoldSince is not null).Select(Held),
                .. sites.SelectMany(site => site.Holds.Select(hold => Held(hold, site.Inbox))),
                .. sites.Where(site => site.NotUnderstood.Count > 0).Select(site => NotUnderstood(site.Site, site.NotUnderstood)),
                .. status.Select(site => Overdue.Find(site.Site, site.Inbox, now)).OfType<AttentionItem>(),
                .. undecided.Select(Undecided),
                // Where more wait than are told of, which files those are is not known here.
                .. oldest.Where(site => undecided.Count(note => note.Site == site.Key) < MostForPerson)
                    .Select(site => Overdue.Find(site.Key, site.Value.Untold, now)).OfType<AttentionItem>(),
                .. sites.SelectMany(site => site.Inbox.DeadLettered).Take(MostForPerson).Select(DeadLettered),
            ])
        {
            OldestFiles = oldest,
        };
    }

    private static CertificateFigures Figures(SubmissionState state, int count, int unverified)
        => new(state.ToString(), count, state == SubmissionState.Accepted ? unverified : null);

    private static InboxFigures Figures(InboxSummary inbox) => new(
        inbox.Waiting, inbox.More, inbox.Oldest, inbox.DeadLettered.Count, inbox.Held.Values.Sum());

    private static DeliveryFigures Figures(DeliveryEntity delivery)
        => new(delivery.RowKey, delivery.Received, delivery.Accepted, delivery.Ignored, delivery.Objects, delivery.Bytes);

    private static AttentionItem Blocked(string site, QuotaStatus quota) => new(
        "quota-blocked", site, quota.Key.ToString(), "Springest asked the app to send nothing for a while.", null,
        Until: quota.BlockedUntil);

    private static (string Site, SpringestKey Key) KeyOf(ResourceStatus resource)
        => (resource.Site, MirroredResources.All.First(description => description.Name == resource.Resource).Key);

    private static AttentionItem KeyRejected(IGrouping<(string Site, SpringestKey Key), ResourceStatus> resources) => new(
        "key-rejected", resources.Key.Site, resources.Key.Key.ToString(),
        $"Springest does not accept the key: {resources.First().Problem}", null);

    private static AttentionItem Poisoned(int messages) => new(
        "poison-queue", "", "certificates", "The host moved events of files to the poison queue; the sweep takes the files.", null,
        Count: messages);

    private static AttentionItem Stopped(ResourceStatus resource)
        => new("mirror-stopped", resource.Site, resource.Resource, resource.Problem!, null);

    private static AttentionItem Paused(ResourceStatus resource)
        => new("mirror-paused", resource.Site, resource.Resource, "An operator has paused it.", null);

    private static AttentionItem Held(ResourceStatus resource) => new(
        "mirror-held",
        resource.Site,
        resource.Resource,
        string.Create(CultureInfo.InvariantCulture, $"{resource.HoldMissing} records are missing at once, so that none is deleted."),
        resource.HoldSince,
        Count: resource.HoldMissing);

    private static AttentionItem Held(DeleteHoldEntity hold, InboxSummary inbox) => new(
        "webhook-deletes-held",
        hold.PartitionKey,
        hold.RowKey,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Webhooks led to many deletes within an hour, so that {inbox.Held.GetValueOrDefault(hold.RowKey)} more are held."),
        hold.HoldSince,
        Count: inbox.Held.GetValueOrDefault(hold.RowKey));

    // The latest of them stands for all.
    private static AttentionItem NotUnderstood(string site, List<DeliveryEntity> deliveries) => new(
        "webhook-not-understood",
        site,
        $"Webhook {deliveries[0].RowKey}",
        string.Create(
            CultureInfo.InvariantCulture,
            $"None of its {deliveries[0].Ignored} changes was understood: Springest may have changed the format."),
        deliveries[^1].Received,
        deliveries[0].RowKey,
        deliveries[0].Ignored);

    private static AttentionItem Undecided(AttentionNote note)
        => new(note.Kind, note.Site, note.Subject, note.Reason, note.Since, note.Key, Code: note.Code, Values: note.Values);

    private static AttentionItem DeadLettered(InboxItemEntity row)
    {
        var (about, id) = row.Subject();
        return new("dead-letter", row.PartitionKey, $"{about} {id}", row.Error ?? "It was given up.", row.Named, row.RowKey);
    }

    /// <summary>What the features say of one site.</summary>
    private sealed record SiteAnswers(
        string Site, IReadOnlyList<QuotaStatus> Quotas, int Unverified, InboxSummary Inbox, List<DeliveryEntity> Latest,
        List<DeliveryEntity> NotUnderstood, List<DeleteHoldEntity> Holds);
}
