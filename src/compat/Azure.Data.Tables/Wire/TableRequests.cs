using System.Globalization;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Entities;

namespace Azure.Data.Tables.Wire;

/// <summary>The requests for one table's entities, sent alone or as parts of a transaction.</summary>
internal sealed class TableRequests(TableEndpoint endpoint, string table)
{
    public const string MinimalMetadata = "application/json;odata=minimalmetadata";

    public HttpMessage Get(string partitionKey, string rowKey, IEnumerable<string>? select)
    {
        var message = endpoint.CreateMessage(RequestMethod.Get, Row(partitionKey, rowKey));
        AppendFormat(message.Request);
        AppendSelect(message.Request, select);
        return message;
    }

    /// <summary>One page, from where the token says.</summary>
    public HttpMessage Query(string? filter, int? top, IEnumerable<string>? select, string? token)
    {
        var message = CreateQuery(endpoint, $"{table}()", filter, top);
        AppendSelect(message.Request, select);
        if (string.IsNullOrEmpty(token))
            return message;
        var keys = token.Split(' ', 2);
        message.Request.Uri.AppendQuery("NextPartitionKey", keys[0], true);
        if (keys is [_, { Length: > 0 } rowKey])
            message.Request.Uri.AppendQuery("NextRowKey", rowKey, true);
        return message;
    }

    /// <summary>Where the next page starts; null after the last.</summary>
    public static string? ContinuationOf(Response response)
    {
        if (!response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partitionKey))
            return null;
        response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var rowKey);
        return $"{partitionKey} {rowKey}";
    }

    public static HttpMessage Tables(TableEndpoint endpoint, string? filter, int? top, string? token)
    {
        var message = CreateQuery(endpoint, "Tables", filter, top);
        if (!string.IsNullOrEmpty(token))
            message.Request.Uri.AppendQuery("NextTableName", token, true);
        return message;
    }

    public HttpMessage CreateTable()
    {
        var message = endpoint.CreateMessage(RequestMethod.Post, "Tables");
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new { TableName = table }));
        return message;
    }

    public HttpMessage DeleteTable() => endpoint.CreateMessage(RequestMethod.Delete, $"Tables('{Key(table)}')");

    public HttpMessage Insert(ITableEntity entity)
    {
        var message = Write(RequestMethod.Post, table, entity);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        return message;
    }

    /// <summary>Merges or replaces; without a condition the entity is inserted if it is not there.</summary>
    public HttpMessage Update(ITableEntity entity, TableUpdateMode mode, ETag ifMatch = default)
    {
        var method = mode switch
        {
            TableUpdateMode.Merge => RequestMethod.Patch,
            TableUpdateMode.Replace => RequestMethod.Put,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
        var message = Write(method, Row(entity.PartitionKey, entity.RowKey), entity);
        if (ifMatch != default)
            message.Request.Headers.SetValue("If-Match", ifMatch.ToString());
        return message;
    }

    public HttpMessage Delete(string partitionKey, string rowKey, ETag ifMatch)
    {
        var message = endpoint.CreateMessage(RequestMethod.Delete, Row(partitionKey, rowKey));
        message.Request.Headers.SetValue("If-Match", (ifMatch == default ? ETag.All : ifMatch).ToString());
        return message;
    }

    private HttpMessage Write(RequestMethod method, string path, ITableEntity entity)
    {
        var message = endpoint.CreateMessage(method, path);
        AppendFormat(message.Request);
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Content = EntityWriter.Write(entity);
        return message;
    }

    private string Row(string partitionKey, string rowKey) => $"{table}(PartitionKey='{Key(partitionKey)}',RowKey='{Key(rowKey)}')";

    private static string Key(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static HttpMessage CreateQuery(TableEndpoint endpoint, string path, string? filter, int? top)
    {
        var message = endpoint.CreateMessage(RequestMethod.Get, path);
        AppendFormat(message.Request);
        if (top is { } count)
            message.Request.Uri.AppendQuery("$top", count.ToString(CultureInfo.InvariantCulture), true);
        if (!string.IsNullOrEmpty(filter))
            message.Request.Uri.AppendQuery("$filter", filter, true);
        return message;
    }

    private static void AppendFormat(Request request) => request.Uri.AppendQuery("$format", MinimalMetadata, true);

    private static void AppendSelect(Request request, IEnumerable<string>? select)
    {
        if (select is not null)
            request.Uri.AppendQuery("$select", string.Join(',', select), true);
    }
}
