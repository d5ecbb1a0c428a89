using System.Globalization;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// The table <c>Changes</c>, in the order of the changes' times. Readers keep some distance from the present, behind which nothing ever
/// appears. The oldest changes are removed in time; what was before that beginning counts as written.
/// </summary>
internal sealed class ChangeFeed(TableClient table, TableClient states, MirrorScope scope, TimeProvider clock)
{
    /// <summary>How far from the present readers stay.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMinutes(2);

    private const string Webhook = nameof(ChangeSource.Webhook);

    private readonly string _partition = scope.Partition;

    /// <summary>As the cursors of its readers call it.</summary>
    public string Name => $"{scope.Path}/changes";

    /// <summary>Up to when all changes are there.</summary>
    public DateTimeOffset Horizon => clock.GetUtcNow() - Distance;

    /// <summary>Whether the last change of a row is there, or was.</summary>
    public async Task<bool> ContainsAsync(TableEntity row, CancellationToken cancellationToken)
        => await table.FindAsync<TableEntity>(_partition, KeyOf(row), cancellationToken, ["RowKey"]) is not null
            || RecordEntity.Time(row, RecordEntity.LastChanged) < await BeginningAsync(cancellationToken);

    /// <summary>Before when changes may have been removed.</summary>
    public async Task<DateTimeOffset> BeginningAsync(CancellationToken cancellationToken)
        => await states.FindAsync<TableEntity>(
                scope.Site, scope.Resource.Name, cancellationToken, [nameof(SyncStateEntity.ChangesFrom)])
            is { } state
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
                .Chunk(TableClientExtensions.MaxBatch)
                .WithCancellation(cancellationToken))
        {
            await signOfLife();
            await table.DeleteTogetherAsync(chunk, cancellationToken);
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

    /// <summary>The key of a row's last change.</summary>
    public static string KeyOf(TableEntity row)
        => string.Create(CultureInfo.InvariantCulture, $"{RecordEntity.Time(row, RecordEntity.LastChanged).UtcTicks:D19}-{row.RowKey}");

    private string Before(DateTimeOffset time)
        => TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey lt {KeyOf(time)}");

    /// <returns>Null for a row that is no change: somebody else may have put it there.</returns>
    private static (long Id, long Ticks)? ParseKey(string key)
        => key.Length == 39
            && long.TryParse(key.AsSpan(0, 19), NumberStyles.None, null, out var ticks)
            && long.TryParse(key.AsSpan(20), NumberStyles.None, null, out var id)
            ? (id, ticks)
            : null;
}
