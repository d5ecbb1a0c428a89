using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// The table <c>Changes</c>. A change is derived from the row that it left behind and its key is the change's time, so writing it
/// again changes nothing. The row comes first: whoever finds a row that may lack its change sees to it, and nobody replaces
/// a row without making sure of that. A change that could not be written soon after its time gets a new time first: nothing
/// ever appears behind a reader who keeps some distance from the present. The oldest are removed in time; what was before that beginning
/// counts as written.
/// </summary>
internal sealed class ChangeFeed(TableClient table, TableClient states, string site, ResourceDescription description, TimeProvider clock)
{
    /// <summary>How long after its time a change may still be sent.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>How long it may be on its way, all repetitions included. What takes longer is given up, and written anew later.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>How far from the present readers stay.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMinutes(2);

    private const int MaxBatch = 100;
    private const string Webhook = nameof(ChangeSource.Webhook);

    private readonly string _partition = $"{site}:{description.Name}";

    /// <summary>As the cursors of its readers call it.</summary>
    public string Name => $"{site}/{description.Path}/changes";

    /// <summary>Up to when all changes are there.</summary>
    public DateTimeOffset Horizon => clock.GetUtcNow() - Distance;

    /// <summary>Whether the last change of a row may still be on its way from who wrote it: then another may send it as well.</summary>
    public bool IsUnderWay(TableEntity row) => clock.GetUtcNow() - RecordEntity.Time(row, RecordEntity.LastChanged) < Soon + Longest;

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

    /// <summary>Whether the last change of a row is there, or was.</summary>
    public async Task<bool> ContainsAsync(TableEntity row, CancellationToken cancellationToken)
        => (await table.GetEntityIfExistsAsync<TableEntity>(_partition, KeyOf(row), ["RowKey"], cancellationToken)).HasValue
            || RecordEntity.Time(row, RecordEntity.LastChanged) < await BeginningAsync(cancellationToken);

    /// <summary>Before when changes may have been removed.</summary>
    public async Task<DateTimeOffset> BeginningAsync(CancellationToken cancellationToken)
        => await states.GetEntityIfExistsAsync<TableEntity>(
                site, description.Name, [nameof(SyncStateEntity.ChangesFrom)], cancellationToken)
            is { HasValue: true, Value: { } state }
            ? RecordEntity.Time(state, nameof(SyncStateEntity.ChangesFrom))
            : DateTimeOffset.MinValue;

    /// <summary>Whether a reader who stands behind a key may miss what has been removed.</summary>
    public async Task<bool> IsBeforeBeginningAsync(string key, CancellationToken cancellationToken)
        => string.CompareOrdinal(key, KeyOf(await BeginningAsync(cancellationToken))) < 0;

    /// <summary>Whether there are changes before a point in time.</summary>
    public async Task<bool> HasBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken)
        => await table.QueryAsync<TableEntity>(Before(time), 1, ["RowKey"], cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Removes the changes before a point in time, the oldest first. It must be the beginning already.</summary>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public async Task PruneAsync(DateTimeOffset time, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        await foreach (
            var chunk in table
                .QueryAsync<TableEntity>(Before(time), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
                .Chunk(MaxBatch)
                .WithCancellation(cancellationToken))
        {
            await signOfLife();
            try
            {
                await table.SubmitTransactionAsync(
                    chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
            }
            catch (RequestFailedException failure) when (failure.Status is 404)
            {
                // Some are gone already: the answer to a first try was lost.
                foreach (var row in chunk)
                    await table.DeleteEntityAsync(row, ETag.All, cancellationToken);
            }
        }
    }

    /// <summary>Of the changes since a point in time that came by webhooks: how many records more there are for them.</summary>
    public async Task<int> CountWebhooksAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {_partition} and RowKey ge {KeyOf(since)} and RowKey lt {KeyOf(until)} and Source eq {Webhook}");
        return await table
            .QueryAsync<TableEntity>(filter, select: ["Change"], cancellationToken: cancellationToken)
            .Select(change => change.GetString("Change") switch
            {
                nameof(ChangeKind.Created) => 1,
                nameof(ChangeKind.Deleted) => -1,
                _ => 0,
            })
            .SumAsync(cancellationToken);
    }

    /// <summary>The records and times of the changes since a point in time.</summary>
    public IAsyncEnumerable<(long Id, long Ticks)> ReadKeysAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey ge {KeyOf(since)}");
        return table
            .QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken)
            .Select(change => ParseKey(change.RowKey))
            .Where(change => change is not null)
            .Select(change => change!.Value);
    }

    /// <summary>Changes in the order of their keys, those of the last two minutes left out.</summary>
    /// <param name="after">The key to begin after; empty for the first.</param>
    /// <param name="most">How many are asked for at a time.</param>
    public IAsyncEnumerable<TableEntity> ReadAsync(string after, CancellationToken cancellationToken, int most = 1000)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey gt {after} and RowKey lt {KeyOf(Horizon)}");
        return table.QueryAsync<TableEntity>(filter, most, cancellationToken: cancellationToken);
    }

    /// <summary>The key behind which the changes since a point in time stand.</summary>
    public static string KeyOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    private string Before(DateTimeOffset time)
        => TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey lt {KeyOf(time)}");

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

    /// <returns>Null for a row that is no change: somebody else may have put it there.</returns>
    private static (long Id, long Ticks)? ParseKey(string key)
        => key.Length == 39
            && long.TryParse(key.AsSpan(0, 19), NumberStyles.None, null, out var ticks)
            && long.TryParse(key.AsSpan(20), NumberStyles.None, null, out var id)
            ? (id, ticks)
            : null;

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
