using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Springest.Testing.Memory;

/// <summary>The table service. One request at a time.</summary>
internal sealed partial class MemoryTables
{
    private const int MostInAPage = 1000;
    private const int MostInATransaction = 100;
    private const int MostBytesOfATransaction = 4 * 1024 * 1024;
    private const int MostBytesOfAnEntity = 1024 * 1024;

    private readonly Dictionary<string, MemoryTable> _tables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a query over partitions is answered with an empty page first, as the service may.</summary>
    public bool BeginsEmpty { get; set; }

    public HttpResponseMessage Answer(MemoryRequest request)
    {
        try
        {
            return request.Path switch
            {
                "$batch" => Transact(request),
                "Tables" or "Tables()" when request.Method == "POST" => Create(request),
                "Tables" or "Tables()" => ListTables(request),
                _ when TableName().Match(request.Path) is { Success: true } match => Drop(match.Groups["name"].Value),
                _ when request.Method == "GET" && !request.Path.EndsWith("')", StringComparison.Ordinal) => Query(request),
                _ => Respond(
                    Do(request.Method, request.Path, request.Header("If-Match"), request.Body, request.Version, request.Now),
                    request),
            };
        }
        catch (TableError error)
        {
            return error.ToResponse();
        }
        catch (FormatException)
        {
            return new TableError(400, "InvalidInput").ToResponse();
        }
    }

    private HttpResponseMessage Create(MemoryRequest request)
    {
        var name = JsonElement.Parse(request.Body).GetProperty("TableName").GetString()!;
        return _tables.TryAdd(name, new MemoryTable(name))
            ? new HttpResponseMessage(HttpStatusCode.NoContent)
            : throw new TableError(409, "TableAlreadyExists");
    }

    private HttpResponseMessage Drop(string name)
        => _tables.Remove(name) ? new HttpResponseMessage(HttpStatusCode.NoContent) : throw new TableError(404, "ResourceNotFound");

    private HttpResponseMessage ListTables(MemoryRequest request)
    {
        var filter = TableFilter.Parse(request.Query("$filter"));
        var from = request.Query("NextTableName") ?? "";
        var top = int.Parse(request.Query("$top") ?? $"{MostInAPage}", CultureInfo.InvariantCulture);
        var found = _tables.Keys.Order(StringComparer.Ordinal)
            .Where(name => string.CompareOrdinal(name, from) >= 0 && filter.Matches(property => property == "TableName" ? name : null))
            .Take(top + 1).ToList();
        var response = Json(json =>
        {
            foreach (var name in found.Take(top))
            {
                json.WriteStartObject();
                json.WriteString("TableName", name);
                json.WriteEndObject();
            }
        });
        if (found.Count > top)
            response.Headers.Add("x-ms-continuation-NextTableName", found[top]);
        return response;
    }

    private HttpResponseMessage Query(MemoryRequest request)
    {
        var table = Find(request.Path.TrimEnd('(', ')'));
        var filter = TableFilter.Parse(request.Query("$filter"));
        var select = request.Query("$select")?.Split(',').ToHashSet();
        var top = Math.Min(MostInAPage, int.Parse(request.Query("$top") ?? $"{MostInAPage}", CultureInfo.InvariantCulture));
        var from = request.Query("NextPartitionKey") is { } partition
            ? (Decode(partition), Decode(request.Query("NextRowKey") ?? ""))
            : (filter.Partition ?? "", filter.Partition is null ? "" : filter.Rows.First ?? "");
        if (BeginsEmpty && filter.Partition is null && request.Query("NextPartitionKey") is null)
        {
            var empty = Json(_ => { });
            empty.Headers.Add("x-ms-continuation-NextPartitionKey", Encode(""));
            return empty;
        }

        var rows = table.From(from)
            .TakeWhile(row => filter.Partition is not { } only
                || (row.PartitionKey == only && (filter.Rows.Last is not { } last || string.CompareOrdinal(row.RowKey, last) <= 0)))
            .Where(row => filter.Matches(row.ValueOf))
            .Take(top + 1).ToList();
        var response = Json(json =>
        {
            foreach (var row in rows.Take(top))
                row.WriteTo(json, select);
        });
        if (rows.Count > top)
        {
            response.Headers.Add("x-ms-continuation-NextPartitionKey", Encode(rows[top].PartitionKey));
            response.Headers.Add("x-ms-continuation-NextRowKey", Encode(rows[top].RowKey));
        }

        return response;
    }

    /// <summary>One action on one entity: what was written, or what was read, or null for what was deleted.</summary>
    private TableRow? Do(string method, string path, string? condition, byte[] body, string version, DateTimeOffset now)
    {
        if (EntityPath().Match(path) is not { Success: true } match)
            return Insert(Find(path), JsonElement.Parse(body), version, now);
        var table = Find(match.Groups["table"].Value);
        var key = (Unquote(match.Groups["partition"].Value), Unquote(match.Groups["row"].Value));
        if (method is "GET")
            return table.Find(key) ?? throw new TableError(404, "ResourceNotFound");
        var old = table.Find(key);
        if (condition is not null && old is null)
            throw new TableError(404, "ResourceNotFound");
        if (condition is not null and not "*" && condition != old!.ETag)
            throw new TableError(412, "UpdateConditionNotSatisfied");
        if (method is "DELETE")
        {
            table.Remove(key);
            return null;
        }

        var properties = TableRow.PropertiesOf(JsonElement.Parse(body));
        if (method is "PATCH" or "MERGE" && old is not null)
            properties = new Dictionary<string, TableRow.Property>(
                old.Properties.Concat(properties).GroupBy(each => each.Key).Select(each => each.Last()));
        return table.Put(Check(new TableRow(key.Item1, key.Item2, ETag(version), now, properties)));
    }

    private static TableRow Insert(MemoryTable table, JsonElement entity, string version, DateTimeOffset now)
    {
        var row = Check(
            new TableRow(
                entity.GetProperty("PartitionKey").GetString()!,
                entity.GetProperty("RowKey").GetString()!,
                ETag(version),
                now,
                TableRow.PropertiesOf(entity)));
        return table.Find((row.PartitionKey, row.RowKey)) is null ? table.Put(row) : throw new TableError(409, "EntityAlreadyExists");
    }

    private static TableRow Check(TableRow row)
    {
        if ((row.PartitionKey + row.RowKey).Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
            throw new TableError(400, "OutOfRangeInput");
        if (Math.Max(row.PartitionKey.Length, row.RowKey.Length) > 512)
            throw new TableError(400, "KeyValueTooLarge");
        if (row.Properties.Count > 252)
            throw new TableError(400, "TooManyProperties");
        if (row.Properties.Values.Any(property => property.IsTooLarge))
            throw new TableError(400, "PropertyValueTooLarge");
        return row.Properties.Sum(property => (2 * property.Key.Length) + property.Value.Size) <= MostBytesOfAnEntity
            ? row
            : throw new TableError(400, "EntityTooLarge");
    }

    /// <summary>All of a transaction's actions, or none.</summary>
    private HttpResponseMessage Transact(MemoryRequest request)
    {
        if (request.Body.Length > MostBytesOfATransaction)
            throw new TableError(413, "RequestBodyTooLarge");
        var actions = TransactionBody.Read(request.Body);
        if (actions.Count > MostInATransaction)
            throw new TableError(400, "InvalidInput");
        var done = new List<(MemoryTable Table, (string, string) Key, TableRow? Before)>();
        var answers = new List<TableRow?>();
        try
        {
            foreach (var action in actions)
            {
                var (table, key) = EntityOf(action);
                if (done.Exists(before => before.Key == key))
                    throw new TableError(400, "InvalidDuplicateRow");
                if (done.Count > 0 && done[0].Key.Item1 != key.Item1)
                    throw new TableError(400, "CommandsInBatchActOnDifferentPartitions");
                done.Add((table, key, table.Find(key)));
                answers.Add(
                    Do(action.Method, action.Path, action.Condition, action.Body, $"{request.Version}{answers.Count:X2}", request.Now));
            }
        }
        catch (TableError error)
        {
            foreach (var (table, key, before) in done)
                table.Restore(key, before);
            return TransactionBody.Write([
                "HTTP/1.1 " + error.StatusLine + "\r\nContent-Type: application/json\r\n\r\n" + error.Body($"{answers.Count}:"),
            ]);
        }

        return TransactionBody.Write(
            answers.Select(row =>
                "HTTP/1.1 204 No Content\r\n" + (row is null ? "" : $"ETag: {row.ETag}\r\n") + "DataServiceVersion: 1.0;\r\n\r\n"));
    }

    private (MemoryTable Table, (string Partition, string Row) Key) EntityOf(TransactionBody.Action action)
    {
        if (EntityPath().Match(action.Path) is { Success: true } match)
            return (Find(match.Groups["table"].Value), (Unquote(match.Groups["partition"].Value), Unquote(match.Groups["row"].Value)));
        var entity = JsonElement.Parse(action.Body);
        return (Find(action.Path), (entity.GetProperty("PartitionKey").GetString()!, entity.GetProperty("RowKey").GetString()!));
    }

    private MemoryTable Find(string name) => _tables.GetValueOrDefault(name) ?? throw new TableError(404, "TableNotFound");

    private static HttpResponseMessage Respond(TableRow? row, MemoryRequest request)
    {
        var response =
            request.Method == "GET"
                ? Json(json => row!.WriteTo(json, request.Query("$select")?.Split(',').ToHashSet()), single: true)
                : new HttpResponseMessage(HttpStatusCode.NoContent);
        if (row is not null)
            response.Headers.TryAddWithoutValidation("ETag", row.ETag);
        return response;
    }

    private static HttpResponseMessage Json(Action<Utf8JsonWriter> write, bool single = false)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (single)
            {
                write(json);
            }
            else
            {
                json.WriteStartObject();
                json.WriteStartArray("value");
                write(json);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static string ETag(string version) => $"W/\"datetime'{version}'\"";

    private static string Encode(string key)
        => "1!" + Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).Replace('+', '-').Replace('/', '_');

    private static string Decode(string token)
        => token.Length < 2 ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(token[2..].Replace('-', '+').Replace('_', '/')));

    private static string Unquote(string key) => key.Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"^Tables\('(?<name>\w+)'\)$")]
    private static partial Regex TableName();

    [GeneratedRegex(
        @"^(?<table>\w+)\(PartitionKey='(?<partition>(?:[^']|'')*)',\s?RowKey='(?<row>(?:[^']|'')*)'\)$",
        RegexOptions.Singleline
    )]
    private static partial Regex EntityPath();
}
