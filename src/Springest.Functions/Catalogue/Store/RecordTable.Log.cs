using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Store;

/// <summary>Every row's last change gets into the change log, whoever wrote the row and whatever became of him.</summary>
internal sealed partial class RecordTable
{
    /// <summary>Makes sure that the last changes of some rows are written.</summary>
    private async Task LogAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            // Anew if somebody writes the row meanwhile.
            while (
                await FindAsync(id, cancellationToken) is { HasValue: true, Value: { } row } && !await TryLogAsync(row, cancellationToken)
            ) { }
        }
    }

    /// <summary>Writes the change of a row that was just written.</summary>
    private Task LogAsync(TableEntity row, CancellationToken cancellationToken)
    {
        Measure(row, 1);
        return changes.IsSoon(row) ? changes.WriteAsync(row, cancellationToken) : LogAsync([RecordEntity.IdOf(row)], cancellationToken);
    }

    private Task LogNewAsync(List<TableEntity> rows, CancellationToken cancellationToken)
    {
        Measure(rows[0], rows.Count);
        return changes.IsSoon(rows[0])
            ? changes.AddAsync(rows, cancellationToken)
            : LogAsync(rows.Select(RecordEntity.IdOf), cancellationToken);
    }

    private void Measure(TableEntity row, int rows)
        => metrics.Written(site, description.Name, row.GetString(RecordEntity.Change), row.GetString(RecordEntity.Source), rows);

    /// <summary>Makes sure that the last change of a row that was just read is written; false if the row must be read again.</summary>
    private async Task<bool> TryLogAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (!row.ContainsKey(RecordEntity.Change))
            return true;
        if (!changes.IsUnderWay(row))
        {
            if (await changes.ContainsAsync(row, cancellationToken))
                return true;
            row[RecordEntity.LastChanged] = clock.GetUtcNow();
            if (!await SucceedsAsync(table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken)))
                return false;
            await changes.WriteAsync(row, cancellationToken);
            return false;
        }

        await changes.WriteAsync(row, cancellationToken);
        return true;
    }
}
