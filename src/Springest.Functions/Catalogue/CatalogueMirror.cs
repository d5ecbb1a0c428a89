using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror of the catalogue in Table Storage, as the other features see it. What it reads again, a webhook named.</summary>
public sealed class CatalogueMirror(SpringestClients clients, CatalogueStore store, TimeProvider clock)
{
    /// <summary>
    /// Reads one record again from the API. If it is found, its row is inserted or updated; if a 404 is confirmed, the row becomes a
    /// tombstone. A row that was fetched later is never overwritten.
    /// </summary>
    /// <param name="scope">Where it is.</param>
    /// <param name="id">Of the record.</param>
    /// <param name="mayDelete">Asked when a record that is here is proven gone; if not, it stays, and the outcome says so.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SpringestException">The API did not answer, or not with a record that can be stored, or a 404 does not
    /// count.</exception>
    public async Task<ApplyOutcome> RefreshAsync(
        MirrorScope scope, long id, Func<Task<bool>> mayDelete, CancellationToken cancellationToken)
    {
        var (records, writer, resource) = (store.Reader(scope), store.Writer(scope), scope.Resource);
        if (!resource.CanLookUp)
            throw new ArgumentException($"The API gives {resource.Path} as a list only.", nameof(scope));
        var lookUp = new RecordLookup(
            clients.For(scope.Site, QuotaClass.Webhook), records, scope, new HashSet<long> { id }, store.Controls, clock);
        var (found, asked) = await lookUp.FindAsync(id, cancellationToken);
        if (found is null)
        {
            // A control read that was made before the 404 says nothing of what has become of the key since; and the 404 may have been the
            // last of an outage. So it is with what is not here, too: it may be new or back, and nobody names it again.
            await lookUp.RequireProofAsync(id, fromNow: true, cancellationToken);
            (found, asked) = await lookUp.FindAsync(id, cancellationToken);
            if (found is null && await records.IsLiveAsync(id, asked, cancellationToken) && !await mayDelete())
                return ApplyOutcome.Missing;
        }

        if (found is not { } raw)
            return await writer.DeleteAsync(id, asked, ChangeSource.Webhook, () => Task.CompletedTask, cancellationToken);
        if (CatalogueRecord.Read(raw, out var problem) is not { } record)
            throw new SpringestException($"The record {resource.Path}/{id} {problem}.");
        if (record.Id != id)
            throw new SpringestException($"The record {resource.Path}/{id} came with another id.");
        await store.Fields(scope).NoteAsync([record], cancellationToken);
        return await writer.ApplyAsync(record, ChangeSource.Webhook, cancellationToken);
    }

    /// <summary>Reads all trainings of an institute again. Those no longer listed stay as they are: each has to be looked up.</summary>
    /// <param name="progress">How far it has come before; null to begin.</param>
    /// <param name="save">Told after each page how far it has come now.</param>
    /// <returns>The trainings that were read, and those of the institute that are no longer listed.</returns>
    /// <exception cref="SpringestException">The API did not answer. What was read until then is applied; go on with the last
    /// progress.</exception>
    public async Task<(IReadOnlySet<long> Listed, IReadOnlyList<long> Missing)> RefreshInstituteAsync(
        string site, long instituteId, ImportCheckpoint? progress, Func<ImportCheckpoint, Task> save,
        CancellationToken cancellationToken)
    {
        var (scope, resource) = (new MirrorScope(site, Trainings.Description), Trainings.Description);
        var (fields, writer) = (store.Fields(scope), store.Writer(scope));
        var now = progress ?? new ImportCheckpoint(clock.GetUtcNow(), 0, null);
        var listed = new HashSet<long>();
        KeyValuePair<string, string>[] query = [.. resource.Query, new("institute_id", $"{instituteId}")];
        var list = clients.For(site, QuotaClass.Webhook).ListRaw(
            resource.Path, query, resource.Key, new ListOptions { Offset = now.Offset });
        await foreach (var page in list.AsPages().WithCancellation(cancellationToken))
        {
            // The list has changed since: what was at its beginning may be another training by now.
            if (progress is { Offset: > 0, Total: var total } && page.Offset == progress.Offset && page.Total != total)
                return await RefreshInstituteAsync(site, instituteId, progress: null, save, cancellationToken);
            var read = page
                .Items.Select(item => CatalogueRecord.Read(item, out _))
                .OfType<CatalogueRecord>()
                .Where(record => listed.Add(record.Id))
                .ToList();
            await fields.NoteAsync(read, cancellationToken);
            await writer.ApplyAsync(read, ChangeSource.Webhook, cancellationToken);
            now = now with { Offset = page.Offset + page.Items.Count, Total = page.Total };
            await save(now);
        }

        // What was listed has been fetched since the beginning, whoever fetched it.
        var missing = await store.Reader(scope)
            .OfInstituteAsync(instituteId, now.Started, cancellationToken)
            .Where(id => !listed.Contains(id))
            .ToListAsync(cancellationToken);
        return (listed, missing);
    }

    /// <summary>The live trainings of an institute.</summary>
    public IAsyncEnumerable<long> ListTrainingsAsync(string site, long instituteId, CancellationToken cancellationToken)
        => store.Reader(new(site, Trainings.Description)).OfInstituteAsync(instituteId, DateTimeOffset.MaxValue, cancellationToken);

    /// <summary>How many records there were when a pass last looked; 0 before the first.</summary>
    public Task<int> CountAsync(MirrorScope scope, CancellationToken cancellationToken)
        => store.CountAsync(scope, cancellationToken);

    /// <summary>The institute of a training, as far as the mirror knows.</summary>
    public async Task<long?> FindInstituteAsync(string site, long trainingId, CancellationToken cancellationToken)
    {
        var row = await store.Reader(new(site, Trainings.Description)).FindAsync(trainingId, cancellationToken);
        return row?.GetInt64("InstituteId");
    }

    /// <summary>The mirrored certification, or null if there is none.</summary>
    public async Task<Certification?> FindCertificationAsync(string site, long id, CancellationToken cancellationToken)
    {
        var row = await store.Reader(new(site, Certifications.Description)).FindAsync(id, cancellationToken);
        return row is not null && !RecordEntity.IsDeleted(row) ? ToCertification(row) : null;
    }

    /// <summary>
    /// When the last full pass ended that showed all there is, but for a few; before the first, null, a record that is not found says
    /// nothing.
    /// </summary>
    public Task<DateTimeOffset?> LastProofAsync(MirrorScope scope, CancellationToken cancellationToken)
        => store.LastProofAsync(scope, cancellationToken);

    private static Certification ToCertification(TableEntity row) => new()
    {
        Id = RecordEntity.IdOf(row),
        Name = row.GetString("Name") ?? "",
        Description = row.GetString("Description"),
        RequiresValidUntil = row.GetBoolean("RequiresValidUntil") ?? false,
    };
}
