using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Catalogue;

/// <summary>
/// The table <c>Changes</c>. A change is derived from the row that it left behind and has a key of its own time, so writing it
/// again changes nothing. The row comes first: whoever finds a row that may lack its change writes it, and nobody replaces
/// a row without making sure of that.
/// </summary>
internal sealed class ChangeLog(TableClient table, string site, ResourceDescription description)
{
    private readonly string _partition = PartitionOf(site, description.Resource);

    public static string PartitionOf(string site, CatalogueResource resource) => $"{site}:{resource}";

    /// <summary>Writes the last changes of at most a hundred rows that were just made.</summary>
    public async Task AddAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        var entities = rows.Select(ToChange).ToList();
        try
        {
            await SubmitAsync(TableTransactionActionType.Add);
        }
        catch (RequestFailedException failure) when (failure.Status is 409)
        {
            // The answer to a first try was lost.
            await SubmitAsync(TableTransactionActionType.UpsertReplace);
        }

        Task SubmitAsync(TableTransactionActionType type)
            => table.SubmitTransactionAsync(entities.Select(change => new TableTransactionAction(type, change)), cancellationToken);
    }

    /// <summary>Writes the last change of a row, if it ever had one.</summary>
    public Task WriteAsync(TableEntity row, CancellationToken cancellationToken)
        => row.ContainsKey(RecordRow.Change) ? table.UpsertEntityAsync(ToChange(row), TableUpdateMode.Replace, cancellationToken) : Task.CompletedTask;

    private TableEntity ToChange(TableEntity row)
    {
        var time = RecordRow.Time(row, RecordRow.LastChanged);
        var change = new TableEntity(_partition, string.Create(CultureInfo.InvariantCulture, $"{time.UtcTicks:D19}-{row.RowKey}"))
        {
            ["Id"] = RecordRow.IdOf(row),
            ["Change"] = row.GetString(RecordRow.Change),
            ["ChangedAt"] = time,
            ["Source"] = row.GetString(RecordRow.Source),
        };
        if (row.GetString(RecordRow.HashBefore) is { } before)
            change["HashBefore"] = before;
        if (!RecordRow.IsDeleted(row))
            change["HashAfter"] = row.GetString(RecordRow.Hash);
        if (row.GetString(RecordRow.ChangedFields) is { } fields)
            change["ChangedFields"] = fields;
        return change;
    }
}
