using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror of the catalogue in Table Storage, as the other features see it.</summary>
public sealed class CatalogueMirror(SpringestClients clients, CatalogueStore store, TimeProvider clock)
{
    /// <summary>Reads one record again from the API and applies it: found is an upsert, 404 a tombstone. Newer always wins.</summary>
    /// <exception cref="SpringestException">The API did not answer, or not with a record that can be stored.</exception>
    public async Task<RefreshOutcome> RefreshAsync(
        string site, CatalogueResource resource, long id, ChangeSource source, QuotaClass priority, CancellationToken cancellationToken)
    {
        var description = ResourceDescription.Of(resource);
        var records = store.Records(site, description);
        if (!description.CanLookUp)
            throw new ArgumentException($"The API gives {description.Path} as a list only.", nameof(resource));
        var lookUp = new LookUp(clients.For(site, priority), records, description);
        var asked = clock.GetUtcNow();
        if (await lookUp.FindAsync(id, cancellationToken) is not { } raw)
            return await records.DeleteAsync(id, asked, source, cancellationToken);
        if (CatalogueRecord.Read(raw, out var problem) is not { } record)
            throw new SpringestException($"The record {description.Path}/{id} {problem}.");
        if (record.Id != id)
            throw new SpringestException($"The record {description.Path}/{id} came with another id.");
        await store.Fields(site, description).NoteAsync([record], cancellationToken);
        return await records.ApplyAsync(record, source, cancellationToken);
    }

    /// <summary>Marks a record deleted without asking the API.</summary>
    public Task<RefreshOutcome> RemoveAsync(
        string site, CatalogueResource resource, long id, ChangeSource source, CancellationToken cancellationToken)
        => store.Records(site, ResourceDescription.Of(resource)).DeleteAsync(id, clock.GetUtcNow(), source, cancellationToken);

    /// <summary>Reads all trainings of an institute again; those no longer listed are looked up one by one, and removed on a 404.</summary>
    /// <exception cref="SpringestException">The API did not answer. What was read until then is applied; repeat it all.</exception>
    public async Task RefreshInstituteAsync(
        string site, long instituteId, ChangeSource source, QuotaClass priority, CancellationToken cancellationToken)
    {
        var description = ResourceDescription.Of(CatalogueResource.Trainings);
        var records = store.Records(site, description);
        var asked = clock.GetUtcNow();
        var listed = new HashSet<long>();
        KeyValuePair<string, string>[] query = [.. description.Query, new("institute_id", $"{instituteId}")];
        await foreach (var page in clients.For(site, priority).ListRaw(description.Path, query, description.Key).AsPages().WithCancellation(cancellationToken))
        {
            var read = page.Items.Select(item => CatalogueRecord.Read(item, out _)).OfType<CatalogueRecord>().Where(record => listed.Add(record.Id)).ToList();
            await store.Fields(site, description).NoteAsync(read, cancellationToken);
            await records.ApplyAsync(read, source, cancellationToken);
        }

        var gone = await records.OfInstituteAsync(instituteId, asked, cancellationToken).Where(id => !listed.Contains(id)).ToListAsync(cancellationToken);
        foreach (var id in gone)
            await RefreshAsync(site, CatalogueResource.Trainings, id, source, priority, cancellationToken);
    }

    /// <summary>The mirrored certification, or null if there is none.</summary>
    public async Task<Certification?> FindCertificationAsync(string site, long id, CancellationToken cancellationToken)
    {
        var found = await store.Records(site, ResourceDescription.Of(CatalogueResource.Certifications)).FindAsync(id, cancellationToken);
        return found is { HasValue: true, Value: { } row } && !RecordRow.IsDeleted(row) ? ToCertification(row) : null;
    }

    /// <summary>Whether a full pass over the resource has ever come to its end; before that, a record that is not found says nothing.</summary>
    public Task<bool> HasCompletedPassAsync(string site, CatalogueResource resource, CancellationToken cancellationToken)
        => store.HasCompletedPassAsync(site, resource, cancellationToken);

    private static Certification ToCertification(TableEntity row) => new()
    {
        Id = RecordRow.IdOf(row),
        Name = row.GetString("Name") ?? "",
        Description = row.GetString("Description"),
        RequiresValidUntil = row.GetBoolean("RequiresValidUntil") ?? false,
    };
}
