using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Store;

/// <summary>Removes what records say about people.</summary>
internal sealed partial class RecordTable
{
    /// <summary>
    /// Removes for good what a record says about people: what Springest says later is stored without it, too. Those who follow the changes
    /// learn of it.
    /// </summary>
    /// <returns>False if there is nothing to remove.</returns>
    public async Task<bool> EraseAsync(long id, CancellationToken cancellationToken)
    {
        while (await FindAsync(id, cancellationToken) is { HasValue: true, Value: { } row } && !row.ContainsKey(RecordEntity.ErasedAt))
        {
            if (!await TryLogAsync(row, cancellationToken))
                continue;
            var etag = row.ETag;
            row[RecordEntity.ErasedAt] = clock.GetUtcNow();
            if (!RecordEntity.IsDeleted(row))
            {
                Stamp(row, ChangeKind.Updated, ChangeSource.Erasure, NextChange(row), row.GetString(RecordEntity.Hash));
                row[RecordEntity.ChangedFields] = string.Join(',', description.PersonalFields);
            }

            var blob = await RedactAsync(row, cancellationToken);
            if (!await SucceedsAsync(table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken)))
                continue;
            await LogAsync(row, cancellationToken);
            if (blob is not null)
                await blobs.DeleteBlobIfExistsAsync(blob, cancellationToken: cancellationToken);
            return true;
        }

        return false;
    }

    /// <returns>The blob that held the record, to be removed once the row is written; null if none did.</returns>
    private async Task<string?> RedactAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var (blob, json) = (row.GetString(RecordEntity.JsonBlob), await FindJsonAsync(row, cancellationToken));
        RecordEntity.Redact(row, description, json?.ToString() is { Length: > 0 } text ? text : "{}");
        return blob;
    }
}
