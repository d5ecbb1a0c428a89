using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Quota;

namespace Springest.Functions.Webhooks;

/// <summary>Reads again the institutes that webhooks named, and their trainings where it was said of these too.</summary>
public sealed class WebhookInstitutes(WebhookInbox inbox, CatalogueMirror mirror, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>Reads an institute again; one that is gone goes with its trainings.</summary>
    public async Task ReadAgainAsync(WebhookInboxEntity row, long id, CancellationToken cancellationToken)
    {
        var (site, said) = (row.PartitionKey, time.GetUtcNow());
        if (row.Action == nameof(WebhookAction.Destroy))
        {
            // Gone at once, and looked up all the same: webhooks come in any order, and it may be back.
            await mirror.RemoveAsync(site, Institutes.Description, id, ChangeSource.Webhook, cancellationToken);
            await RemoveTrainingsAsync(row, id, said, cancellationToken);
            row.Action = nameof(WebhookAction.Update);
        }

        var outcome = await mirror.RefreshAsync(site, Institutes.Description, id, ChangeSource.Webhook, QuotaClass.Webhook, cancellationToken);
        if (outcome is RefreshOutcome.Deleted or RefreshOutcome.Absent)
            await RemoveTrainingsAsync(row, id, said, cancellationToken);
    }

    /// <summary>Whether a row's training is going to be read by one of these imports of institutes, after which the row goes by itself.</summary>
    public async ValueTask<bool> CoverAsync(IReadOnlySet<(string Site, long Id)> imports, WebhookInboxEntity row, CancellationToken cancellationToken)
        => imports.Count > 0 && row.Action == nameof(WebhookAction.Update) && row.Subject() is (WebhookObject.Training, var id)
            && await mirror.FindInstituteAsync(row.PartitionKey, id, cancellationToken) is { } institute && imports.Contains((row.PartitionKey, institute));

    /// <summary>The institutes that rows ask to import.</summary>
    public static IReadOnlySet<(string Site, long Id)> Imports(IEnumerable<WebhookInboxEntity> rows)
        => (from row in rows
            let subject = row.Subject()
            where subject.Object is WebhookObject.Import
            select (row.PartitionKey, subject.Id)).ToHashSet();

    /// <summary>Reads all trainings of an institute again.</summary>
    public async Task ImportAsync(WebhookInboxEntity row, long id, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        // Named before the first page is asked for, and so covered by what is read now, unless it is named again meanwhile.
        var queued = await inbox.ListUpdatesAsync(site, cancellationToken).ToListAsync(cancellationToken);
        var read = await mirror.RefreshInstituteAsync(
            site, id, row.Import, progress => inbox.SaveImportAsync(row, progress, cancellationToken), ChangeSource.Webhook, QuotaClass.Webhook, cancellationToken);
        await Task.WhenAll(queued.Where(training => read.Contains(training.Subject().Id)).Select(training => inbox.RemoveAsync(training, cancellationToken)));
    }

    // Looked up afterwards, each by itself: some may have moved to another institute.
    private async Task RemoveTrainingsAsync(WebhookInboxEntity row, long id, DateTimeOffset said, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        var trainings = await mirror.ListTrainingsAsync(site, id, cancellationToken).ToListAsync(cancellationToken);
        await inbox.PutAsync(trainings.Select(LookUp), cancellationToken);
        foreach (var training in trainings)
            await mirror.RemoveAsync(site, Trainings.Description, training, ChangeSource.Webhook, cancellationToken, said);

        WebhookInboxEntity LookUp(long training)
        {
            var change = new WebhookChange(WebhookObject.Training, training, WebhookAction.Update, 1);
            var again = WebhookInboxEntity.For(site, change, row.Delivery, said);
            // Not before they are all removed: what is looked up counts.
            again.NextAttempt += options.Value.RetryDelay;
            return again;
        }
    }
}
