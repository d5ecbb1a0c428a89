using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Quota;
using Springest.Functions.Sites;
using Springest.Functions.Storage;
using Springest.Functions.Text;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>The conversions that webhooks named, as last read from the API, in the table <c>Conversions</c>. Experimental.</summary>
public sealed class ConversionStore(AppStorage storage, SpringestClients clients, TimeProvider time)
{
    private readonly TableClient _table = storage.Table(WebhookStorage.Conversions);

    /// <summary>
    /// Reads a conversion again and keeps it as received; one that is gone is marked so, and what was received of it stays.
    /// </summary>
    /// <exception cref="SpringestException">The API did not answer, or a 404 does not count.</exception>
    public async Task RefreshAsync(string site, long id, CancellationToken cancellationToken)
    {
        var client = clients.For(site, QuotaClass.Webhook);
        var asked = time.GetUtcNow();
        var record = await FindAsync(client, id, cancellationToken);
        if (record is null)
        {
            await RequireProofAsync(client, id, cancellationToken);
            // The 404 may have been the last of an outage.
            asked = time.GetUtcNow();
            record = await FindAsync(client, id, cancellationToken);
        }

        var row = new TableEntity(site, RecordEntity.KeyOf(id))
        {
            ["FetchedAt"] = asked,
            ["Deleted"] = record is null,
        };
        if (record is not null)
            StoredText.Put(row, "Json", Encoding.UTF8.GetString(record.Json.Span));
        while (!await TryWriteAsync(row, asked, cancellationToken))
        {
        }
    }

    private static Task<RawRecord?> FindAsync(SpringestClient client, long id, CancellationToken cancellationToken)
        => client.GetRawAsync(string.Create(CultureInfo.InvariantCulture, $"conversions/{id}"), cancellationToken: cancellationToken);

    /// <summary>Makes sure that a 404 is not the answer to everything: a key may have lost its rights, or a proxy may answer.</summary>
    /// <exception cref="SpringestException">It may be, or the API did not answer.</exception>
    private static async Task RequireProofAsync(SpringestClient client, long id, CancellationToken cancellationToken)
    {
        // One that is listed must be found. If none is listed, that the list can be read must do.
        var page = await client.ListRaw("conversions", options: new ListOptions { PageSize = 1 })
            .AsPages().FirstOrDefaultAsync(cancellationToken);
        if (page?.Items is [{ Id: { } listed }, ..] && await FindAsync(client, listed, cancellationToken) is null)
            throw new SpringestException(string.Create(
                CultureInfo.InvariantCulture, $"conversions/{id} is not found, but neither is conversions/{listed}, which is listed."));
    }

    // What was asked for later wins.
    private async Task<bool> TryWriteAsync(TableEntity row, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var known = await _table.FindAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken, ["FetchedAt"]);
        row.ETag = known?.ETag ?? default;
        if (known?.GetDateTimeOffset("FetchedAt") >= asked)
            return true;
        return known is not null && row.GetBoolean("Deleted") is true
            ? await _table.TryMergeAsync(row, cancellationToken)
            : await _table.TryWriteAsync(row, cancellationToken);
    }
}
