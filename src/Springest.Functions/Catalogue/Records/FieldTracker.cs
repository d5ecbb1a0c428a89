using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// The table <c>MirrorFields</c>: which fields the records have, at every level, of which types, and since when. So a field that
/// docs/springest-api.md does not have, and one that changes its type, can be seen; neither stops anything. Safe to share.
/// </summary>
internal sealed partial class FieldTracker(
    TableClient table,
    string site,
    ResourceDescription description,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    private readonly string _partition = $"{site}:{description.Name}";
    private readonly SemaphoreSlim _one = new(1);
    private readonly FieldTree _tree = new();
    private readonly HashSet<(string Field, string Type)> _noted = [];
    private bool _loaded;

    /// <summary>What is noted.</summary>
    public IAsyncEnumerable<TableEntity> ReadAsync(CancellationToken cancellationToken) =>
        table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {_partition}"), cancellationToken: cancellationToken);

    /// <summary>Notes what has not been seen before in some records.</summary>
    public async Task NoteAsync(IEnumerable<CatalogueRecord> records, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await LoadAsync(cancellationToken);
            foreach (var record in records)
            {
                var met = new List<(FieldTree.Node Node, string Type)>();
                _tree.Walk(record.Raw.Json.Span, (node, type) => met.Add((node, type)));
                foreach (var (node, type) in met.Where(one => !one.Node.Types.Contains(one.Type)))
                {
                    await NoteAsync(node.Path, type, record.Id, cancellationToken);
                    node.Types.Add(type);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
            return;
        await foreach (var row in ReadAsync(cancellationToken))
            _noted.Add((row.GetString("Field"), row.GetString("Type")));
        _loaded = true;
    }

    private async Task NoteAsync(string field, string type, long id, CancellationToken cancellationToken)
    {
        if (_noted.Contains((field, type)))
            return;
        var isKnown = description.Fields.Contains(field.TrimEnd('[', ']'));
        if (!isKnown)
            Log.Unknown(logger, site, description.Name, field, type, id);
        else if (_noted.Any(noted => noted.Field == field))
            Log.TypeChanged(logger, site, description.Name, field, type, id);
        try
        {
            await table.AddEntityAsync(
                new TableEntity(_partition, KeyOf(field, type))
                {
                    ["Field"] = field, ["Type"] = type, ["FirstSeen"] = clock.GetUtcNow(), ["FirstSeenOn"] = id, ["Known"] = isKnown,
                },
                cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.Status is 409)
        {
            // Another was first.
        }

        _noted.Add((field, type));
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
