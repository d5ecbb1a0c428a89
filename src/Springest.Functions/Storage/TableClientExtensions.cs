using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Storage;

/// <summary>Finds, writes and removes rows. Of several who write on what they have read, only the first succeeds.</summary>
internal static class TableClientExtensions
{
    /// <summary>The most rows in one transaction.</summary>
    public const int MaxBatch = 100;

    /// <summary>
    /// Whether a row can have this key. What somebody types in an address need not be one: storage then refuses the question itself.
    /// </summary>
    public static bool CanBeKey(string text)
        => text.Length <= 512 && !text.Any(letter => char.IsControl(letter) || letter is '/' or '\\' or '#' or '?');

    /// <summary>The row of this key, or null.</summary>
    /// <param name="columns">Those to read; null for all.</param>
    public static async Task<T?> FindAsync<T>(
        this TableClient table, string partition, string key, CancellationToken cancellationToken, IEnumerable<string>? columns = null)
        where T : class, ITableEntity
    {
        var found = await table.GetEntityIfExistsAsync<T>(partition, key, columns, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Writes a row over the one that it was read as; one that was not read, as a new one.</summary>
    /// <returns>
    /// False if another has written or removed it meanwhile. With a lost answer in between, that other may have been this.
    /// </returns>
    public static async Task<bool> TryWriteAsync<T>(this TableClient table, T row, CancellationToken cancellationToken)
        where T : ITableEntity
    {
        try
        {
            // Of a TableEntity one that was set to none is a text of no length.
            if (row.ETag.ToString().Length == 0)
                await table.AddEntityAsync(row, cancellationToken);
            else
                await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        // Without the table it is another matter.
        catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode is "EntityAlreadyExists" or "ResourceNotFound")
        {
            return false;
        }
    }

    /// <summary>Writes some columns of a row, whose ETag says as which it was read.</summary>
    /// <returns>False if another has written or removed it meanwhile.</returns>
    public static async Task<bool> TryMergeAsync(this TableClient table, TableEntity columns, CancellationToken cancellationToken)
    {
        try
        {
            await table.UpdateEntityAsync(columns, columns.ETag, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode is "ResourceNotFound")
        {
            return false;
        }
    }

    /// <summary>Removes a row as it was read.</summary>
    /// <returns>False if another has written or removed it meanwhile.</returns>
    public static async Task<bool> TryDeleteAsync<T>(this TableClient table, T row, CancellationToken cancellationToken)
        where T : ITableEntity
    {
        try
        {
            return (await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken)).Status != 404;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    /// <summary>Removes all rows that a filter names. One that is written meanwhile stays.</summary>
    /// <param name="signOfLife">Called now and then while it works.</param>
    /// <returns>How many.</returns>
    public static async Task<int> DeleteAllAsync(
        this TableClient table, string filter, CancellationToken cancellationToken, Func<Task>? signOfLife = null)
    {
        var count = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(
            filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (signOfLife is not null)
                await signOfLife();
            if (await table.TryDeleteAsync(row, cancellationToken))
                count++;
        }

        return count;
    }

    /// <summary>Removes rows of one partition in a transaction, as they are by now.</summary>
    public static async Task DeleteTogetherAsync(
        this TableClient table, IReadOnlyCollection<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.Status is 404)
        {
            // Some are gone already: the answer to a first try was lost.
            foreach (var row in rows)
                await table.DeleteEntityAsync(row, ETag.All, cancellationToken);
        }
    }
}
