using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Store;

/// <summary>Cuts rows of one partition into entity group transactions: at most 100 rows and 4 MB each.</summary>
internal static class TableBatches
{
    private const int MaxLength = 3_500_000;

    public static IEnumerable<List<TableEntity>> Of(IEnumerable<TableEntity> rows)
    {
        var batch = new List<TableEntity>();
        var length = 0;
        foreach (var row in rows)
        {
            var more = RecordEntity.RequestLength(row);
            if (batch.Count == TableClientExtensions.MaxBatch || (batch.Count > 0 && length + more > MaxLength))
            {
                yield return batch;
                (batch, length) = ([], 0);
            }

            batch.Add(row);
            length += more;
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
