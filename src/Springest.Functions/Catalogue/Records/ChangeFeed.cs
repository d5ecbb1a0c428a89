using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// The table <c>Changes</c>. A change is derived from the row that it left behind and its key is the change's time, so writing it
/// again changes nothing. The row comes first: whoever finds a row that may lack its change sees to it, and nobody replaces
/// a row without making sure of that. A change that could not be written soon after its time gets a new time first: nothing
/// ever appears behind a reader who keeps some distance from the present. Half of that distance is for differing clocks.
/// </summary>
internal sealed class ChangeFeed(TableClient table, string site, ResourceDescription description, TimeProvider clock)
{
    /// <summary>How long after its time a change may still be sent.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>How long it may be on its way, all repetitions included. What takes longer is given up, and written anew later.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>How far from the present readers stay.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMinutes(2);

    private readonly string _partition = $"{site}:{description.Name}";

    /// <summary>Whether the last change of a row can still be sent under its own time.</summary>
    public bool IsSoon(TableEntity row) => clock.GetUtcNow() - RecordEntity.Time(row, RecordEntity.LastChanged) < Soon;

    /// <exception cref="TimeoutException">Storage did not take it in time.</exception>
    public Task WriteAsync(TableEntity row, CancellationToken cancellationToken)
        => InTimeAsync(inTime => table.UpsertEntityAsync(ToChange(row), TableUpdateMode.Replace, inTime), cancellationToken);

    /// <summary>Writes the last changes of at most a hundred rows that were just made.</summary>
    /// <exception cref="TimeoutException">Storage did not take them in time.</exception>
    public Task AddAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        var entities = rows.Select(ToChange).ToList();
        return InTimeAsync(
            async inTime =>
            {
                try
                {
                    await SubmitAsync(TableTransactionActionType.Add, inTime);
                }
                catch (RequestFailedException failure) when (failure.Status is 409)
                {
                    // The answer to a first try was lost.
                    await SubmitAsync(TableTransactionActionType.UpsertReplace, inTime);
                }
            },
            cancellationToken);

        Task SubmitAsync(TableTransactionActionType type, CancellationToken inTime)
            => table.SubmitTransactionAsync(entities.Select(change => new TableTransactionAction(type, change)), inTime);
    }

    /// <summary>Whether the last change of a row is there.</summary>
    public async Task<bool> ContainsAsync(TableEntity row, CancellationToken cancellationToken)
        => (await table.GetEntityIfExistsAsync<TableEntity>(_partition, KeyOf(row), ["RowKey"], cancellationToken)).HasValue;

    /// <summary>The records and times of the changes since a point in time.</summary>
    public IAsyncEnumerable<(long Id, long Ticks)> ReadKeysAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var begin = since.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey ge {begin}");
        return table
            .QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken)
            .Select(change => ParseKey(change.RowKey));
    }

    /// <summary>Changes in the order of their keys, those of the last two minutes left out.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync(string after, CancellationToken cancellationToken)
    {
        var end = (clock.GetUtcNow() - Distance).UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey gt {after} and RowKey lt {end}");
        return table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
    }

    private async Task InTimeAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await write(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Storage did not take the changes of {_partition} in time.");
        }
    }

    private static string KeyOf(TableEntity row)
        => string.Create(CultureInfo.InvariantCulture, $"{RecordEntity.Time(row, RecordEntity.LastChanged).UtcTicks:D19}-{row.RowKey}");

    private static (long Id, long Ticks) ParseKey(string key)
        => (long.Parse(key.AsSpan(20), CultureInfo.InvariantCulture), long.Parse(key.AsSpan(0, 19), CultureInfo.InvariantCulture));

    private TableEntity ToChange(TableEntity row)
    {
        var change = new TableEntity(_partition, KeyOf(row))
        {
            ["Id"] = RecordEntity.IdOf(row),
            ["Change"] = row.GetString(RecordEntity.Change),
            ["ChangedAt"] = RecordEntity.Time(row, RecordEntity.LastChanged),
            ["Source"] = row.GetString(RecordEntity.Source),
        };
        if (row.GetString(RecordEntity.HashBefore) is { } before)
            change["HashBefore"] = before;
        if (!RecordEntity.IsDeleted(row))
            change["HashAfter"] = row.GetString(RecordEntity.Hash);
        if (row.GetString(RecordEntity.ChangedFields) is { } fields)
            change["ChangedFields"] = fields;
        return change;
    }
}
