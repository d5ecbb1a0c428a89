using System.Globalization;
using System.Net;
using Springest.Client;

namespace Springest.Functions.Catalogue;

/// <summary>Asks the API for one record that the mirror knows of.</summary>
internal sealed class LookUp(SpringestClient client, RecordTable records, ResourceDescription description)
{
    /// <summary>The record as it is now; null if there is none.</summary>
    /// <exception cref="SpringestException">The API did not answer.</exception>
    public async Task<RawRecord?> FindAsync(long id, CancellationToken cancellationToken)
        => description.Parent is { } parent
            ? await FindAsync(id, parent, cancellationToken)
            : await client.GetRawAsync(string.Create(CultureInfo.InvariantCulture, $"{description.Path}/{id}"), description.Key, cancellationToken);

    private async Task<RawRecord?> FindAsync(long id, ParentResource parent, CancellationToken cancellationToken)
    {
        // Of one without a parent nothing can be asked: that the lists omit it is all there is.
        if (await records.FindAsync(id, cancellationToken) is not { HasValue: true, Value: { } row } || row.GetInt64(parent.Column) is not { } parentId)
            return null;
        var path = string.Create(CultureInfo.InvariantCulture, $"{parent.Path}/{parentId}/{description.Path}");
        try
        {
            return await client.ListRaw(path, description.Query, description.Key).FirstOrDefaultAsync(record => record.Id == id, cancellationToken);
        }
        catch (SpringestException failure) when (failure.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // The parent is gone, and its records with it.
            return null;
        }
    }
}
