using System.Linq.Expressions;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Filters;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>An account's tables.</summary>
public class TableServiceClient
{
    private readonly TableEndpoint _endpoint;

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    public TableServiceClient(string connectionString, TableClientOptions? options = null)
        => _endpoint = TableConnectionString.Parse(connectionString).Connect(options);

    /// <param name="endpoint">The account's address with a shared access signature.</param>
    /// <param name="options">Retry, transport, diagnostics.</param>
    public TableServiceClient(Uri endpoint, TableClientOptions? options = null)
        => _endpoint = new TableEndpoint(TableEndpoint.Secure(endpoint), null, options);

    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions? options = null)
        => _endpoint = new TableEndpoint(TableEndpoint.Secure(endpoint), new SasPolicy(credential), options);

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
        => _endpoint = new TableEndpoint(endpoint, new SharedKeyPolicy(credential), options, credential.AccountName);

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null)
        => _endpoint = new TableEndpoint(endpoint, new TokenPolicy(tokenCredential, options), options);

    /// <summary>For a test's own subclass, which answers without a service.</summary>
    protected TableServiceClient() => _endpoint = null!;

    public virtual string AccountName => _endpoint.AccountName;

    public virtual Uri Uri => _endpoint.Uri;

    /// <summary>Asks nothing of the service: the table need not be there.</summary>
    public virtual TableClient GetTableClient(string tableName) => new(_endpoint, tableName);

    public virtual AsyncPageable<TableItem> QueryAsync(
        string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => new TablePageable<TableItem>(
            (token, size, cancel) => ReadPageAsync(filter, size ?? maxPerPage, token, cancel), cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(
        FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default)
        => QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <summary>Makes the table; one that is there already is as good.</summary>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default)
        => GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Deletes the table; one that is not there gives a response of status 404.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default)
        => GetTableClient(tableName).DeleteAsync(cancellationToken);

    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) => FilterExpression.Translate(filter);

    public static string CreateQueryFilter(FormattableString filter) => FilterLiteral.Fill(filter);

    private async Task<Page<TableItem>> ReadPageAsync(string? filter, int? top, string? token, CancellationToken cancellationToken)
    {
        using var message = TableRequests.Tables(_endpoint, filter, top, token);
        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        using var json = JsonDocument.Parse(response.Content);
        var tables = json.RootElement.GetProperty("value").EnumerateArray()
            .Select(table => new TableItem(table.GetProperty("TableName").GetString()!)).ToList();
        response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var next);
        return Page<TableItem>.FromValues(tables, next, response);
    }
}
