using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;
using Springest.Functions.Text;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// The table <c>MirrorFields</c>: fields of records, at every level, that docs/springest-api.md does not have, and those that came with
/// another type than before. They stop nothing. One within a list's items is <c>subjects[].name</c>, within an object
/// <c>institute.name</c>. Safe to share.
/// </summary>
internal sealed partial class FieldTracker(TableClient table, MirrorScope scope, TimeProvider clock, ILogger logger)
{
    /// <summary>Enough for every API; a server that makes up names must not fill memory and table.</summary>
    private const int MaxFields = 2_000;

    private const int MaxPath = 200;

    private readonly string _partition = scope.Partition;
    private readonly ConcurrentDictionary<string, string> _types = new();
    private readonly ConcurrentDictionary<(string Field, string Type), bool> _noted = new();

    /// <summary>What is noted.</summary>
    public IAsyncEnumerable<TableEntity> ReadAsync(CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition}");
        return table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
    }

    /// <summary>Notes what has not been seen before in some records.</summary>
    public async Task NoteAsync(IEnumerable<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            foreach (var (field, type) in Fields("", record.Value).Where(each => IsOdd(each.Field, each.Type)))
                await NoteAsync(field, type, record.Id, cancellationToken);
        }
    }

    private static IEnumerable<(string Field, string Type)> Fields(string path, JsonElement value)
        => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(property =>
            {
                var field = path.Length == 0 ? NameOf(property) : $"{path}.{NameOf(property)}";
                return Fields(field, property.Value).Prepend((field, TypeOf(property.Value)));
            }),
            JsonValueKind.Array => value
                .EnumerateArray()
                .SelectMany(item => Fields($"{path}[]", item).Prepend(($"{path}[]", TypeOf(item)))),
            _ => [],
        };

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // Not text that .NET can hold, such as half a surrogate pair.
            return "?";
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "",
    };

    private bool IsKnown(string field) => scope.Resource.Fields.Contains(field.TrimEnd('[', ']'));

    /// <summary>Whether a field is to be noted. An item's type counts only where it is a value: its list is documented.</summary>
    private bool IsOdd(string field, string type)
        => type.Length > 0
        && (!IsKnown(field) || _types.GetOrAdd(field, type) != type)
        && !_noted.ContainsKey((field, type))
        && _noted.Count < MaxFields;

    private async Task NoteAsync(string path, string type, long id, CancellationToken cancellationToken)
    {
        var (field, isKnown) = (StoredText.Cut(path, MaxPath), IsKnown(path));
        if (await table.FindAsync<TableEntity>(_partition, KeyOf(field, type), cancellationToken, ["RowKey"]) is null)
        {
            if (isKnown)
                Log.TypeChanged(logger, scope.Site, scope.Resource.Name, field, type, id);
            else
                Log.Unknown(logger, scope.Site, scope.Resource.Name, field, type, id);
            await table.UpsertEntityAsync(
                new TableEntity(_partition, KeyOf(field, type))
                {
                    ["Field"] = field, ["Type"] = type, ["FirstSeen"] = clock.GetUtcNow(), ["FirstSeenOn"] = id, ["Known"] = isKnown,
                },
                TableUpdateMode.Replace,
                cancellationToken);
        }

        _noted[(path, type)] = true;
    }

    // Names may hold what a key may not, and be longer than one.
    private static string KeyOf(string field, string type)
        => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(field)).AsSpan(0, 16))}:{type}";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: record {Id} has an undocumented field: {Field} ({Type})")]
        public static partial void Unknown(ILogger logger, string site, string resource, string field, string type, long id);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: in record {Id} the field {Field} is now of type {Type}")]
        public static partial void TypeChanged(ILogger logger, string site, string resource, string field, string type, long id);
    }
}
