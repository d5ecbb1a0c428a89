using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// Asks the API for some records that the mirror knows of. Those listed under the same parent are looked for in one reading of its list.
/// A key that lost its rights, a host that moved and a proxy answer 404 for everything: <see cref="RequireProofAsync"/>.
/// </summary>
/// <param name="client">Of the site.</param>
/// <param name="records">The mirror's.</param>
/// <param name="scope">What they are of.</param>
/// <param name="ids">The records that will be asked for.</param>
/// <param name="controls">Of all look-ups.</param>
/// <param name="clock">The time.</param>
internal sealed class RecordLookup(
    SpringestClient client,
    RecordReader records,
    MirrorScope scope,
    IReadOnlySet<long> ids,
    ControlReads controls,
    TimeProvider clock)
{
    /// <summary>Records that are looked up before a 404 is doubted: one may be gone as well.</summary>
    private const int MaxControls = 6;

    private readonly ResourceDescription _resource = scope.Resource;
    private readonly Dictionary<long, Task<Listed>> _parents = [];

    /// <summary>The record as it is now, null if there is none; and when it was asked for.</summary>
    /// <exception cref="SpringestException">The API did not answer, or not in full.</exception>
    public async Task<(RawRecord? Record, DateTimeOffset Asked)> FindAsync(long id, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        if (_resource.Parent is null)
            return (await client.GetRawAsync(PathOf(id), _resource.Key, cancellationToken), asked);
        // Of one without a parent nothing can be asked: that the lists omit it is all there is.
        return await FindListAsync(id, cancellationToken) is { } listed
            ? (listed.Records.GetValueOrDefault(id), listed.Asked)
            : (null, asked);
    }

    /// <summary>
    /// Makes sure that a record which was not found is gone: one that the last whole pass showed must be found the same way.
    /// </summary>
    /// <param name="id">Of the record.</param>
    /// <param name="fromNow">Whether that must be asked for from now on; any time within the minute will do otherwise.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SpringestException">It is not, or the API did not answer.</exception>
    public async Task RequireProofAsync(long id, bool fromNow, CancellationToken cancellationToken)
    {
        // What a list omits that was read is missing. A list that was not found itself says nothing.
        if (await FindListAsync(id, cancellationToken) is not { IsRead: true }
            && await controls.FindMissingAsync(
                scope, fromNow, () => FailControlAsync(id, cancellationToken), cancellationToken) is { } other)
            throw new SpringestException(
                $"{_resource.Path}/{id} is not found, but neither is {_resource.Path}/{other}, which was listed; "
                    + "so nothing is deleted.");
    }

    /// <summary>A listed record that is not found either; null if one is found.</summary>
    private async Task<long?> FailControlAsync(long id, CancellationToken cancellationToken)
    {
        var listed = await records.ListedAsync(_resource.Parent?.Column, cancellationToken);
        long? missing = null;
        foreach (var row in listed.Where(row => !ids.Contains(RecordEntity.IdOf(row))).OrderBy(Shuffle(id)).Take(MaxControls))
        {
            if (await IsFoundAsync(row, cancellationToken))
                return null;

            missing = RecordEntity.IdOf(row);
        }

        // With no other record to compare with, that the list can be read must do.
        if (missing is null)
            await client
                .ListRaw(_resource.Parent?.Path ?? _resource.Path, _resource.Query, _resource.Key, new ListOptions { PageSize = 1 })
                .AsPages()
                .FirstOrDefaultAsync(cancellationToken);
        return missing;
    }

    // Neighbours may be gone as well, such as the other trainings of an institute; and who tries again later shall ask for others.
    private Func<TableEntity, ulong> Shuffle(long id)
    {
        var salt = (ulong)id ^ (ulong)clock.GetUtcNow().ToUnixTimeSeconds();
        return row => ((ulong)RecordEntity.IdOf(row) ^ salt) * 0x9E3779B97F4A7C15;
    }

    private string PathOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{_resource.Path}/{id}");

    private string PathOf(ParentResource parent, long id)
        => string.Create(CultureInfo.InvariantCulture, $"{parent.Path}/{id}/{_resource.Path}");

    /// <summary>The list of a parent in which a record is looked for; null if there is none.</summary>
    private async Task<Listed?> FindListAsync(long id, CancellationToken cancellationToken)
        => _resource.Parent is { } parent
            && await records.FindAsync(id, cancellationToken) is { } row
            && row.GetInt64(parent.Column) is { } parentId
            ? await OfParentAsync(parent, parentId, cancellationToken)
            : null;

    private async Task<bool> IsFoundAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (_resource.Parent is not { } parent)
            return await client.GetRawAsync(PathOf(RecordEntity.IdOf(row)), _resource.Key, cancellationToken) is not null;
        try
        {
            return row.GetInt64(parent.Column) is { } parentId
                && await client.ListRaw(PathOf(parent, parentId), _resource.Query, _resource.Key, new ListOptions { PageSize = 1 })
                    .AsPages().AnyAsync(cancellationToken);
        }
        catch (SpringestException failure) when (failure.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return false;
        }
    }

    private Task<Listed> OfParentAsync(ParentResource parent, long parentId, CancellationToken cancellationToken)
    {
        lock (_parents)
        {
            if (!_parents.TryGetValue(parentId, out var list))
            {
                list = ReadAsync(PathOf(parent, parentId), cancellationToken);
                _parents.Add(parentId, list);
            }

            return list;
        }
    }

    private async Task<Listed> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var listed = new Listed(clock.GetUtcNow(), []);
        var (received, total, shown) = (0, default(long?), new HashSet<long>());
        try
        {
            await foreach (
                var page in client.ListRaw(path, _resource.Query, _resource.Key).AsPages().WithCancellation(cancellationToken))
            {
                foreach (var item in page.Items.Where(item => item.Id is { } id && ids.Contains(id)))
                    listed.Records[item.Id!.Value] = item;
                if (listed.Records.Count == ids.Count)
                    return listed;
                shown.UnionWith(page.Items.Select(item => item.Id).OfType<long>());
                (received, total) = (received + page.Items.Count, page.Total ?? total);
            }
        }
        catch (SpringestException failure) when (received == 0 && failure.Status is (HttpStatusCode.NotFound or HttpStatusCode.Gone))
        {
            // The parent is gone, and its records with it.
            return listed with { IsRead = false };
        }

        // One that comes twice may stand in the place of the one that is looked for.
        return shown.Count < total ? throw new SpringestException($"The list {path} showed {shown.Count} of {total} records.") : listed;
    }

    private sealed record Listed(DateTimeOffset Asked, Dictionary<long, RawRecord> Records, bool IsRead = true);
}
