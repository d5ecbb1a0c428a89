using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Quota.Counter;

/// <summary>The entity that holds the window of one site and key, and one beside it that says that there is one.</summary>
internal sealed class QuotaStore(TableClient table, string site, string fingerprint) : IQuotaStore
{
    private const string Ring = nameof(Ring);
    private const string Webhooks = nameof(Webhooks);

    private readonly string _begun = $"{fingerprint}-begun";
    private bool _isMarked;

    public async Task<(StoredWindow? Window, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
    {
        var response = await table.GetEntityIfExistsAsync<TableEntity>(site, fingerprint, cancellationToken: cancellationToken);
        var date = response.GetRawResponse().Headers.Date
            ?? throw new InvalidOperationException("The storage service's answer has no date, so permits cannot be counted by it.");
        if (response is { HasValue: true, Value: { } entity })
        {
            var (ring, webhooks) = (entity[Ring] as byte[] ?? [], entity[Webhooks] as byte[] ?? []);
            return (new StoredWindow(ring, webhooks, entity.ETag, entity.Timestamp ?? date), date);
        }

        var begun = await table.FindAsync<TableEntity>(site, _begun, cancellationToken);
        return (begun is null ? null : new StoredWindow([], [], default, date), date);
    }

    public async Task<bool> TryWriteAsync(SlidingWindow window, StoredWindow? read, CancellationToken cancellationToken)
    {
        var (ring, webhooks) = window.ToBytes();
        var entity = new TableEntity(site, fingerprint) { [Ring] = ring, [Webhooks] = webhooks };
        entity.ETag = read?.ETag ?? default;
        if (!await table.TryWriteAsync(entity, cancellationToken))
            return false;
        // Once by each process: the one that made the counter may have died before it said so.
        if (!_isMarked)
            await table.UpsertEntityAsync(new TableEntity(site, _begun), cancellationToken: cancellationToken);
        return _isMarked = true;
    }
}
