using Springest.Functions.Catalogue;
using Springest.Functions.Quota;

namespace Springest.Functions.Webhooks;

/// <summary>Reads again the institutes that webhooks named, and their trainings where it was said of these too.</summary>
public sealed class WebhookInstitutes(WebhookInbox inbox, CatalogueMirror mirror, TimeProvider time)
{
    /// <summary>Reads an institute again, as far as a row of the inbox asks for it.</summary>
    public Task ReadAgainAsync(WebhookInboxEntity row, long id, CancellationToken cancellationToken) => row.Action switch
    {
        nameof(WebhookAction.Import) => ImportAsync(row, id, cancellationToken),
        nameof(WebhookAction.Destroy) => DestroyAsync(row, id, cancellationToken),
        _ => mirror.RefreshAsync(row.PartitionKey, CatalogueResource.Institutes, id, ChangeSource.Webhook, QuotaClass.Webhook, cancellationToken),
    };

    /// <summary>Whether a row's training is going to be read by one of these imports of institutes, after which the row goes by itself.</summary>
    public async ValueTask<bool> CoverAsync(IReadOnlySet<(string Site, long Id)> imports, WebhookInboxEntity row, CancellationToken cancellationToken)
        => imports.Count > 0 && row.Action == nameof(WebhookAction.Update) && row.Subject() is (WebhookObject.Training, var id)
            && await mirror.FindInstituteAsync(row.PartitionKey, id, cancellationToken) is { } institute && imports.Contains((row.PartitionKey, institute));

    /// <summary>The institutes that rows ask to import.</summary>
    public static IReadOnlySet<(string Site, long Id)> Imports(IEnumerable<WebhookInboxEntity> rows)
        => (from row in rows
            where row.Action == nameof(WebhookAction.Import)
            select (row.PartitionKey, row.Subject().Id)).ToHashSet();

    private async Task ImportAsync(WebhookInboxEntity row, long id, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        // Named before the first page is asked for, and so covered by what is read now, unless it is named again meanwhile.
        var queued = await inbox.ListTrainingsAsync(site, cancellationToken).ToListAsync(cancellationToken);
        var read = await mirror.RefreshInstituteAsync(
            site, id, row.Import, progress => inbox.SaveImportAsync(row, progress, cancellationToken), ChangeSource.Webhook, QuotaClass.Webhook, cancellationToken);
        await Task.WhenAll(queued.Where(training => read.Contains(training.Subject().Id)).Select(training => inbox.RemoveAsync(training, cancellationToken)));
    }

    // Gone at once with its trainings, and all of them looked up all the same: webhooks come in any order, and it may be back.
    private async Task DestroyAsync(WebhookInboxEntity row, long id, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        var trainings = await mirror.ListTrainingsAsync(site, id, cancellationToken).ToListAsync(cancellationToken);
        var again = trainings.Select(training => new WebhookChange(WebhookObject.Training, training, WebhookAction.Update, 1));
        await inbox.PutAsync(again.Select(change => WebhookInboxEntity.For(site, change, row.Delivery, time.GetUtcNow())), cancellationToken);
        foreach (var training in trainings)
            await mirror.RemoveAsync(site, CatalogueResource.Trainings, training, ChangeSource.Webhook, cancellationToken);
        await mirror.RemoveAsync(site, CatalogueResource.Institutes, id, ChangeSource.Webhook, cancellationToken);
        row.Action = nameof(WebhookAction.Update);
        await mirror.RefreshAsync(site, CatalogueResource.Institutes, id, ChangeSource.Webhook, QuotaClass.Webhook, cancellationToken);
    }
}
