using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

internal static class TableClientExtensions
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TableEntity> ReadAsync(this TableClient table, string partitionKey, string rowKey)
        => (await table.GetEntityAsync<TableEntity>(partitionKey, rowKey, cancellationToken: Cancel)).Value;

    /// <summary>Every entity that the filter lets through, all pages.</summary>
    public static async Task<List<TableEntity>> ListAsync(this TableClient table, string? filter = null)
        => await table.QueryAsync<TableEntity>(filter, cancellationToken: Cancel).ToListAsync(Cancel);
}
