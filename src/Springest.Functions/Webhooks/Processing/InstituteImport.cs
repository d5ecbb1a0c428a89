using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Quota;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Reads again the institutes that webhooks named, and their trainings where it was said of these too.</summary>
public sealed class InstituteImport(WebhookInbox inbox, CatalogueMirror mirror, TimeProvider time)
{
    /// <summary>
    /// Reads an institute again. The trainings of one that is gone are to be read again too, each by itself: some may have moved.
    /// </summary>
    public async Task ReadAgainAsync(InboxItemEntity row, long id, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        var outcome = await mirror.RefreshAsync(
            site,
            Institutes.Description,
            id,
            ChangeSource.Webhook,
            QuotaClass.Webhook,
            cancellationToken);
        if (outcome is not (ApplyOutcome.Deleted or ApplyOutcome.Absent))
            return;
        var trainings = await mirror.ListTrainingsAsync(site, id, cancellationToken).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        await inbox.PutAsync(
            trainings.Select(training => InboxItemEntity.For(
                site, new WebhookChange(WebhookObject.Training, training, WebhookAction.Destroy, 1), row.Delivery, now)),
            cancellationToken);
    }

    /// <summary>
    /// Whether a row's training is going to be read by one of these imports of institutes, after which the row goes by itself.
    /// </summary>
    public async ValueTask<bool> CoverAsync(
        IReadOnlySet<(string Site, long Id)> imports,
        InboxItemEntity row,
        CancellationToken cancellationToken)
        => imports.Count > 0
        && row.Action == nameof(WebhookAction.Update)
        && row.Subject() is (WebhookObject.Training, var id)
        && await mirror.FindInstituteAsync(row.PartitionKey, id, cancellationToken) is { } institute
        && imports.Contains((row.PartitionKey, institute));

    /// <summary>The institutes that rows ask to import.</summary>
    public static IReadOnlySet<(string Site, long Id)> Imports(IEnumerable<InboxItemEntity> rows)
        => (from row in rows
            let subject = row.Subject()
            where subject.Object is WebhookObject.Import
            select (row.PartitionKey, subject.Id)).ToHashSet();

    /// <summary>Reads all trainings of an institute again.</summary>
    public async Task ImportAsync(InboxItemEntity row, long id, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        // Named before the first page is asked for, and so covered by what is read now, unless it is named again meanwhile.
        var queued = await inbox.ListUpdatesAsync(site, cancellationToken).ToListAsync(cancellationToken);
        var read = await mirror.RefreshInstituteAsync(
            site,
            id,
            row.Import,
            progress => inbox.SaveImportAsync(row, progress, cancellationToken),
            ChangeSource.Webhook,
            QuotaClass.Webhook,
            cancellationToken);
        await Task.WhenAll(
            queued
                .Where(training => read.Contains(training.Subject().Id))
                .Select(training => inbox.RemoveAsync(training, cancellationToken)));
    }
}
