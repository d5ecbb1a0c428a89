using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Store;

/// <summary>The blobs of big records that say something about people.</summary>
internal sealed class PersonalBlobs(BlobContainerClient blobs, MirrorScope scope)
{
    /// <summary>
    /// Removes the blobs of a record that is erased or deleted: also those to which no row points any more, because a run has died. One
    /// fetched after the deletion stays: with it the record may be coming back.
    /// </summary>
    /// <param name="row">The record's; with any other, nothing happens.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RemoveAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var isErased = row.ContainsKey(RecordEntity.ErasedAt);
        if (scope.Resource.PersonalFields.Count == 0 || !(isErased || RecordEntity.IsDeleted(row)))
            return;
        var end = RecordEntity.BlobName(
            scope, row.RowKey, isErased ? DateTimeOffset.MaxValue : RecordEntity.Time(row, RecordEntity.FetchedAt));
        var folder = end[..(end.LastIndexOf('/') + 1)];
        await foreach (var blob in blobs.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder, cancellationToken))
        {
            if (string.CompareOrdinal(blob.Name, end) < 0)
                await blobs.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
        }
    }
}
