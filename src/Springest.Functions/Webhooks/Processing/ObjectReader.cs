using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>Does what a row of the inbox asks for: reads its object again and applies it to the mirror. A webhook is a hint, never
/// proof, whatever it said of the object.</summary>
public sealed class ObjectReader(
    WebhookInbox inbox,
    WebhookReplayer replayer,
    DeleteGuard guard,
    CatalogueMirror mirror,
    ConversionStore conversions)
{
    /// <summary>False if the object is gone, and may not be deleted yet: the row says why.</summary>
    /// <param name="row">The row.</param>
    /// <param name="stop">Has long work begin nothing more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SpringestException">The API did not answer.</exception>
    public async Task<bool> ReadAsync(InboxItemEntity row, CancellationToken stop, CancellationToken cancellationToken)
    {
        switch (row.Subject())
        {
            case (WebhookObject.Training, var id):
                return await RefreshAsync(row, Trainings.Description, id, cancellationToken) is not ApplyOutcome.Missing;
            case (WebhookObject.Institute, var id):
                var outcome = await RefreshAsync(row, Institutes.Description, id, cancellationToken);
                if (outcome is ApplyOutcome.Deleted or ApplyOutcome.Absent)
                    await PutTrainingsAsync(
                        row, await mirror.ListTrainingsAsync(row.PartitionKey, id, cancellationToken).ToListAsync(cancellationToken),
                        cancellationToken);
                return outcome is not ApplyOutcome.Missing;
            case (WebhookObject.Import, var id):
                await ImportAsync(row, id, cancellationToken);
                break;
            case (WebhookObject.Conversion, var id):
                await conversions.RefreshAsync(row.PartitionKey, id, cancellationToken);
                break;
            case (WebhookObject.Replay, _):
                await replayer.ContinueAsync(row, stop, cancellationToken);
                break;
            case (WebhookObject.Bundle, _):
                if (row.StandsForBody)
                    await replayer.UnpackAsync(row, cancellationToken);
                else
                    await inbox.UnbundleAsync([row], TimeSpan.Zero, cancellationToken);
                break;
            case var (about, _):
                throw new InvalidOperationException($"Nothing is known of how to read {about}.");
        }

        return true;
    }

    /// <summary>
    /// Whether a row's training is going to be read by one of these imports of institutes, after which the row goes by itself.
    /// </summary>
    public async ValueTask<bool> IsCoveredAsync(
        IReadOnlySet<(string Site, long Id)> imports,
        InboxItemEntity row,
        CancellationToken cancellationToken)
        => imports.Count > 0
        && row.Action == nameof(ChangeAction.Update)
        && row.Subject() is (WebhookObject.Training, var id)
        && await mirror.FindInstituteAsync(row.PartitionKey, id, cancellationToken) is { } institute
        && imports.Contains((row.PartitionKey, institute));

    /// <summary>The institutes that rows ask to import.</summary>
    public static IReadOnlySet<(string Site, long Id)> Imports(IEnumerable<InboxItemEntity> rows)
        => (from row in rows
            let subject = row.Subject()
            where subject.Object is WebhookObject.Import
            select (row.PartitionKey, subject.Id)).ToHashSet();

    private Task<ApplyOutcome> RefreshAsync(
        InboxItemEntity row,
        ResourceDescription resource,
        long id,
        CancellationToken cancellationToken)
    {
        var scope = new MirrorScope(row.PartitionKey, resource);
        return mirror.RefreshAsync(scope, id, () => guard.AllowsAsync(row, scope, cancellationToken), cancellationToken);
    }

    private async Task ImportAsync(InboxItemEntity row, long id, CancellationToken cancellationToken)
    {
        var site = row.PartitionKey;
        // Named before the first page is asked for, and so covered by what is read now, unless it is named again meanwhile.
        var queued = await inbox.ListUpdatesAsync(site, cancellationToken).ToListAsync(cancellationToken);
        var (listed, missing) = await mirror.RefreshInstituteAsync(
            site,
            id,
            row.Import,
            progress =>
            {
                row.Import = progress;
                return inbox.SaveAsync(row, cancellationToken);
            },
            cancellationToken);
        await Task.WhenAll(
            queued
                .Where(training => listed.Contains(training.Subject().Id))
                .Select(training => inbox.RemoveAsync(training, cancellationToken)));
        await PutTrainingsAsync(row, missing, cancellationToken);
    }

    // Each is looked up by itself: some may have moved to another institute.
    private Task PutTrainingsAsync(InboxItemEntity row, IReadOnlyList<long> trainings, CancellationToken cancellationToken)
        => inbox.PutEarlierAsync(
            trainings.Select(training => InboxItemEntity.For(
                row.PartitionKey, new WebhookChange(WebhookObject.Training, training, ChangeAction.Destroy, 1), row.Delivery,
                row.Named, trainings.Count)),
            cancellationToken);
}
