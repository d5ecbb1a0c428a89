using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Sites;
using Springest.Functions.Storage;
using Springest.Functions.Text;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>The conversions that webhooks named, as last read from the API, in the table <c>Conversions</c>. Experimental.</summary>
public sealed class ConversionStore(AppStorage storage, SpringestClients clients, TimeProvider time)
{
    // A column holds 32,768 characters.
    private const int PieceLength = 30_000;

    private readonly TableClient _table = storage.Table(WebhookStorage.Conversions);

    /// <summary>Reads a conversion again and keeps it as received; one that is gone is marked so.</summary>
    /// <exception cref="SpringestException">The API did not answer.</exception>
    public async Task RefreshAsync(string site, long id, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var record = await clients.For(site, QuotaClass.Webhook).GetRawAsync($"conversions/{id}", cancellationToken: cancellationToken);
        var row = new TableEntity(site, id.ToString("D19", CultureInfo.InvariantCulture))
        {
            ["FetchedAt"] = asked,
            ["Deleted"] = record is null,
        };
        if (record is not null)
        {
            foreach (var (i, piece) in StoredText.Pieces(Encoding.UTF8.GetString(record.Json.Span), PieceLength).Index())
                row[i == 0 ? "Json" : $"Json{i + 1}"] = piece;
        }

        while (!await TryWriteAsync(row, asked, cancellationToken))
        {
        }
    }

    // What was asked for later wins.
    private async Task<bool> TryWriteAsync(TableEntity row, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        var known = await _table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, ["FetchedAt"], cancellationToken);
        row.ETag = known.HasValue ? known.Value!.ETag : default;
        return (known.HasValue && known.Value!.GetDateTimeOffset("FetchedAt") >= asked)
            || await _table.TryWriteAsync(row, cancellationToken);
    }
}
