using System.Globalization;
using System.Net;
using Springest.Client;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>Asks the API for some records that the mirror knows of. Those listed under the same parent are looked for in one reading of its list.</summary>
/// <param name="client">Of the site.</param>
/// <param name="records">The mirror's.</param>
/// <param name="description">Of the resource.</param>
/// <param name="ids">The records that will be asked for.</param>
/// <param name="clock">The time.</param>
internal sealed class RecordLookup(
    SpringestClient client, RecordTable records, ResourceDescription description, IReadOnlySet<long> ids, TimeProvider clock)
{
    private readonly Dictionary<long, Task<Listed>> _parents = [];

    /// <summary>The record as it is now, null if there is none; and when it was asked for.</summary>
    /// <exception cref="SpringestException">The API did not answer, or not in full.</exception>
    public async Task<(RawRecord? Record, DateTimeOffset Asked)> FindAsync(long id, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        if (description.Parent is not { } parent)
            return (await client.GetRawAsync(string.Create(CultureInfo.InvariantCulture, $"{description.Path}/{id}"), description.Key, cancellationToken), asked);

        // Of one without a parent nothing can be asked: that the lists omit it is all there is.
        if (await records.FindAsync(id, cancellationToken) is not { HasValue: true, Value: { } row } || row.GetInt64(parent.Column) is not { } parentId)
            return (null, asked);
        var listed = await OfParentAsync(parent, parentId, cancellationToken);
        return (listed.Records.GetValueOrDefault(id), listed.Asked);
    }

    private Task<Listed> OfParentAsync(ParentResource parent, long parentId, CancellationToken cancellationToken)
    {
        lock (_parents)
        {
            if (!_parents.TryGetValue(parentId, out var list))
            {
                list = ReadAsync(string.Create(CultureInfo.InvariantCulture, $"{parent.Path}/{parentId}/{description.Path}"), cancellationToken);
                _parents.Add(parentId, list);
            }

            return list;
        }
    }

    private async Task<Listed> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var listed = new Listed(clock.GetUtcNow(), []);
        var (end, total) = (0, default(long?));
        try
        {
            await foreach (var page in client.ListRaw(path, description.Query, description.Key).AsPages().WithCancellation(cancellationToken))
            {
                foreach (var item in page.Items.Where(item => item.Id is { } id && ids.Contains(id)))
                    listed.Records[item.Id!.Value] = item;
                if (listed.Records.Count == ids.Count)
                    return listed;
                (end, total) = (Math.Max(end, page.Offset + page.Items.Count), page.Total ?? total);
            }
        }
        catch (SpringestException failure) when (end == 0 && failure.Status is (HttpStatusCode.NotFound or HttpStatusCode.Gone))
        {
            // The parent is gone, and its records with it.
        }

        return end < total ? throw new SpringestException($"The list {path} ended at {end} of {total}.") : listed;
    }

    private sealed record Listed(DateTimeOffset Asked, Dictionary<long, RawRecord> Records);
}
