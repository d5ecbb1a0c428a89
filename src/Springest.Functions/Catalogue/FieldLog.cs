using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue;

/// <summary>
/// The table <c>MirrorFields</c>: which fields the records have at their top level, of which types, and since when. So a field that
/// the contract does not know, and one that changes its type, can be seen; neither stops anything.
/// </summary>
internal sealed partial class FieldLog(TableClient table, string site, ResourceDescription description, TimeProvider clock, ILogger logger)
{
    /// <summary>Enough for every API; a server that makes up names must not fill the table.</summary>
    private const int MaxFields = 1_000;

    private readonly string _partition = $"{site}:{description.Resource}";
    private readonly HashSet<(string Name, string Type)> _noted = [];
    private bool _loaded;

    /// <summary>What is noted, in the order of names.</summary>
    public IAsyncEnumerable<TableEntity> ReadAsync(CancellationToken cancellationToken)
        => table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {_partition}"), cancellationToken: cancellationToken);

    /// <summary>Notes what has not been seen before in some records.</summary>
    public async Task NoteAsync(IEnumerable<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        foreach (var field in records.SelectMany(FieldsOf))
        {
            if (_noted.Count < MaxFields && !_noted.Contains((field.Name, field.Type)))
                await AddAsync(field.Name, field.Type, field.Id, cancellationToken);
        }
    }

    private static IEnumerable<(string Name, string Type, long Id)> FieldsOf(CatalogueRecord record)
        => record.Value.EnumerateObject()
            .Where(property => property.Value.ValueKind is not JsonValueKind.Null)
            .Select(property => (NameOf(property), TypeOf(property.Value), record.Id));

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return StoredText.Cut(property.Name, 100);
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
        _ => "object",
    };

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
            return;
        await foreach (var row in ReadAsync(cancellationToken))
            _noted.Add((row.GetString("Field"), row.GetString("Type")));
        _loaded = true;
    }

    private async Task AddAsync(string name, string type, long id, CancellationToken cancellationToken)
    {
        var isKnown = description.Fields.Contains(name);
        var hasOtherType = _noted.Any(noted => noted.Name == name);
        _noted.Add((name, type));
        if (!isKnown)
            Log.Unknown(logger, site, description.Resource, name, type, id);
        else if (hasOtherType)
            Log.TypeChanged(logger, site, description.Resource, name, type, id);
        try
        {
            // Names may hold what a key may not.
            await table.AddEntityAsync(
                new TableEntity(_partition, $"{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name))}:{type}")
                {
                    ["Field"] = name, ["Type"] = type, ["FirstSeen"] = clock.GetUtcNow(), ["FirstSeenOn"] = id, ["Known"] = isKnown,
                },
                cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.Status is 409)
        {
            // Another was first.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: record {Id} has a field that is not in the contract: {Field} ({Type})")]
        public static partial void Unknown(ILogger logger, string site, CatalogueResource resource, string field, string type, long id);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: in record {Id} the field {Field} is now of type {Type}")]
        public static partial void TypeChanged(ILogger logger, string site, CatalogueResource resource, string field, string type, long id);
    }
}
