using Azure.Data.Tables;
using Springest.Simulator.Data;

namespace Springest.Tools.Demo;

/// <summary>Reads the mirror as any analyst would: straight from the tables.</summary>
internal sealed class MirrorReader(TableServiceClient tables)
{
    /// <summary>The record as mirrored, or null if it is not there or was deleted.</summary>
    public async Task<string?> FindAsync(string table, long id, CancellationToken cancellationToken)
    {
        var row = await tables
            .GetTableClient(table)
            .GetEntityIfExistsAsync<TableEntity>(DemoSettings.Site, $"{id:D19}", cancellationToken: cancellationToken);
        return row.HasValue && row.Value!.GetDateTimeOffset("DeletedAt") is null ? JsonOf(row.Value) : null;
    }

    /// <summary>Compares every mirrored record with the site's, byte by byte.</summary>
    /// <returns>How many are the same, and what is not, in words.</returns>
    public async Task<(int Same, IReadOnlyList<string> Differences)> CompareAsync(
        string table,
        RecordSet site,
        CancellationToken cancellationToken)
    {
        var expected = site.Ids.ToHashSet();
        var differences = new List<string>();
        var same = 0;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DemoSettings.Site}");
        await foreach (var row in tables.GetTableClient(table).QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var id = long.Parse(row.RowKey, System.Globalization.CultureInfo.InvariantCulture);
            var deleted = row.GetDateTimeOffset("DeletedAt") is not null;
            var wanted = expected.Remove(id);
            if (wanted && !deleted && JsonOf(row) == site.Json(id))
                same++;
            else if (wanted || !deleted)
                differences.Add($"{site.Singular} {id} {(!wanted ? "is gone at the site" : deleted ? "is marked deleted" : "differs")}");
        }

        differences.AddRange(expected.Select(id => $"{site.Singular} {id} is missing"));
        return (same, differences);
    }

    // The record stands in pieces: Json, Json2, Json3 ...
    private static string JsonOf(TableEntity row)
    {
        var json = row.GetString("Json") ?? "";
        for (var piece = 2; row.GetString($"Json{piece}") is { } more; piece++)
            json += more;
        return json;
    }
}
