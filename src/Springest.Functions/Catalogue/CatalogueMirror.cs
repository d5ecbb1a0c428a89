using Springest.Functions.Quota;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror of the catalogue in Table Storage.</summary>
public sealed class CatalogueMirror
{
    /// <summary>Reads one record again from the API and applies it: found is an upsert, 404 a tombstone. Newer always wins.</summary>
    public Task<RefreshOutcome> RefreshAsync(
        string site, CatalogueResource resource, long id, ChangeSource source, QuotaClass priority, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <summary>Marks a record deleted without asking the API.</summary>
    public Task<RefreshOutcome> RemoveAsync(
        string site, CatalogueResource resource, long id, ChangeSource source, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <summary>Reads all trainings of an institute again; those no longer listed are looked up one by one, and removed on a 404.</summary>
    public Task RefreshInstituteAsync(
        string site, long instituteId, ChangeSource source, QuotaClass priority, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <summary>The mirrored certification, or null if there is none.</summary>
    public Task<Client.Certification?> FindCertificationAsync(string site, long id, CancellationToken cancellationToken)
        => throw new NotImplementedException();

    /// <summary>Whether a pass over the resource has ever come to its end; before that, a record that is not found says nothing.</summary>
    public Task<bool> HasCompletedPassAsync(string site, CatalogueResource resource, CancellationToken cancellationToken)
        => throw new NotImplementedException();
}
