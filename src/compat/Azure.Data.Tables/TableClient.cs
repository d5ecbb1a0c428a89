using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>One table.</summary>
public partial class TableClient
{
    private readonly TableEndpoint _endpoint;
    private readonly TableRequests _requests;

    /// <param name="endpoint">The table's address with a shared access signature.</param>
    /// <param name="options">Retry, transport, diagnostics.</param>
    public TableClient(Uri endpoint, TableClientOptions? options = null)
        : this(TableEndpoint.Secure(endpoint), LastSegment(endpoint), (HttpPipelinePolicy?)null, options)
    {
    }

    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions? options = null)
        : this(TableEndpoint.Secure(endpoint), LastSegment(endpoint), new SasPolicy(credential), options)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions? options = null)
        : this(endpoint, tableName, new SharedKeyPolicy(credential), options, credential.AccountName)
    {
    }

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    public TableClient(string connectionString, string tableName, TableClientOptions? options = null)
        : this(TableConnectionString.Parse(connectionString).Connect(options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions? options = null)
        : this(endpoint, tableName, new TokenPolicy(tokenCredential, options), options)
    {
    }

    /// <summary>For a test's own subclass, which answers without a service.</summary>
    protected TableClient()
    {
        _endpoint = null!;
        _requests = null!;
        Name = null!;
    }

    internal TableClient(TableEndpoint endpoint, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        (_endpoint, _requests, Name) = (endpoint, new TableRequests(endpoint, tableName), tableName);
    }

    // The address may name the table already.
    private TableClient(
        Uri endpoint, string tableName, HttpPipelinePolicy? authentication, TableClientOptions? options, string? accountName = null)
        : this(
            new TableEndpoint(LastSegment(endpoint) == tableName ? Parent(endpoint) : endpoint, authentication, options, accountName),
            tableName)
    {
    }

    public virtual string Name { get; }

    public virtual string AccountName => _endpoint.AccountName;

    public virtual Uri Uri => new UriBuilder(_endpoint.Uri) { Path = $"{_endpoint.Uri.AbsolutePath.TrimEnd('/')}/{Name}" }.Uri;

    /// <summary>Makes the table; one that is there already is as good.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = _requests.CreateTable();
        var response = await _endpoint.SendAsync(message, cancellationToken, answer: 409).ConfigureAwait(false);
        if (response.Status == 409 && new RequestFailedException(response) is { ErrorCode: "TableBeingDeleted" } notYet)
            throw notYet;
        return Response.FromValue(new TableItem(Name), response);
    }

    /// <summary>Deletes the table; one that is not there gives a response of status 404.</summary>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var message = _requests.DeleteTable();
        return await _endpoint.SendAsync(message, cancellationToken, answer: 404).ConfigureAwait(false);
    }

    private static string LastSegment(Uri endpoint) => endpoint.Segments[^1].Trim('/');

    private static Uri Parent(Uri endpoint) => new UriBuilder(endpoint) { Path = string.Concat(endpoint.Segments[..^1]) }.Uri;
}
