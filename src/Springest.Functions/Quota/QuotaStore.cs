using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Quota;

/// <summary>The entity that holds the ring of one site and key.</summary>
internal sealed class QuotaStore(TableClient table, string site, string fingerprint) : IQuotaStore
{
    private const string Ring = nameof(Ring);

    public async Task<(byte[]? Ring, ETag ETag, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
    {
        var response = await table.GetEntityIfExistsAsync<TableEntity>(site, fingerprint, cancellationToken: cancellationToken);
        var date = DateOf(response.GetRawResponse());
        if (!response.HasValue)
            return (null, default, date);
        var entity = response.Value!;
        return (entity.TryGetValue(Ring, out var value) && value is byte[] ring ? ring : [], entity.ETag, date);
    }

    public async Task<DateTimeOffset?> TryWriteAsync(byte[] ring, ETag etag, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(site, fingerprint) { [Ring] = ring };
        try
        {
            var response = etag == default
                ? await table.AddEntityAsync(entity, cancellationToken)
                : await table.UpdateEntityAsync(entity, etag, TableUpdateMode.Replace, cancellationToken);
            return DateOf(response);
        }
        // Another was first. Without the table it is another matter.
        catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode is "EntityAlreadyExists" or "ResourceNotFound")
        {
            return null;
        }
    }

    private static DateTimeOffset DateOf(Response response)
        => response.Headers.Date ?? throw new InvalidOperationException("The storage service's answer has no date, so permits cannot be counted by it.");
}
