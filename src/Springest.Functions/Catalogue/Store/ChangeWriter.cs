using Azure;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Store;

/// <summary>
/// Sees to it that every row's last change gets into the table <c>Changes</c>, whoever wrote the row and whatever became of him. A change
/// is derived from the row that it left behind and its key is the change's time, so writing it again changes nothing. The row comes first:
/// whoever finds a row that may lack its change sees to it, and nobody replaces a row without making sure of that. A change that could not
/// be written soon after its time gets a new time first: nothing ever appears behind a reader who keeps some distance from the present.
/// The blobs of an erased or deleted record are removed between its row and its change, so that a crash cannot leave them behind.
/// </summary>
internal sealed class ChangeWriter(
    RecordReader records, TableClient recordTable, ChangeFeed feed, TableClient changeTable, PersonalBlobs blobs, MirrorScope scope,
    MirrorMetrics metrics, TimeProvider clock)
{
    /// <summary>How long after its time a change may still be sent.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>How long it may be on its way, all repetitions included. What takes longer is given up, and written anew later.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Writes the change of a row that was just written.</summary>
    /// <exception cref="TimeoutException">Storage did not take it in time.</exception>
    public async Task WriteAsync(TableEntity row, CancellationToken cancellationToken)
    {
        Measure(row, 1);
        await blobs.RemoveAsync(row, cancellationToken);
        await (AgeOf(row) < Soon ? UpsertAsync(row, cancellationToken) : CompleteAsync(RecordEntity.IdOf(row), cancellationToken));
    }

    /// <summary>Writes the changes of at most a hundred rows that were just made.</summary>
    /// <exception cref="TimeoutException">Storage did not take them in time.</exception>
    public async Task WriteNewAsync(List<TableEntity> made, CancellationToken cancellationToken)
    {
        Measure(made[0], made.Count);
        if (AgeOf(made[0]) < Soon)
        {
            await AddAsync(made, cancellationToken);
            return;
        }

        foreach (var row in made)
            await CompleteAsync(RecordEntity.IdOf(row), cancellationToken);
    }

    /// <summary>Makes sure that the last change of a row that was just read is written.</summary>
    /// <returns>False if the row must be read again.</returns>
    /// <exception cref="TimeoutException">Storage did not take it in time.</exception>
    public async Task<bool> TryCompleteAsync(TableEntity row, CancellationToken cancellationToken)
    {
        await blobs.RemoveAsync(row, cancellationToken);
        if (!row.ContainsKey(RecordEntity.Change))
            return true;
        // It may still be on its way from who wrote the row; then another may send it as well.
        if (AgeOf(row) < Soon + Longest)
        {
            await UpsertAsync(row, cancellationToken);
            return true;
        }

        if (await feed.ContainsAsync(row, cancellationToken))
            return true;
        row[RecordEntity.LastChanged] = clock.GetUtcNow();
        if (await recordTable.TryWriteAsync(row, cancellationToken) && AgeOf(row) < Soon)
            await UpsertAsync(row, cancellationToken);
        return false;
    }

    /// <summary>Writes the changes since a point in time that are missing: a run may have died before it wrote one.</summary>
    /// <param name="known">All rows.</param>
    /// <param name="since">The point in time.</param>
    /// <param name="signOfLife">Called now and then while it works.</param>
    public async Task CompleteAsync(
        RecordIndex known, DateTimeOffset since, Func<Task> signOfLife, CancellationToken cancellationToken)
    {
        await foreach (var (id, ticks) in feed.ReadKeysAsync(since, cancellationToken))
        {
            known.MarkChangeFound(id, ticks);
            await signOfLife();
        }

        foreach (var id in known.WithoutChange(since))
        {
            await CompleteAsync(id, cancellationToken);
            await signOfLife();
        }
    }

    private async Task CompleteAsync(long id, CancellationToken cancellationToken)
    {
        // Anew if somebody writes the row meanwhile.
        while (await records.FindAsync(id, cancellationToken) is { } row && !await TryCompleteAsync(row, cancellationToken))
        {
        }
    }

    private Task UpsertAsync(TableEntity row, CancellationToken cancellationToken)
        => InTimeAsync(inTime => changeTable.UpsertEntityAsync(ToChange(row), TableUpdateMode.Replace, inTime), cancellationToken);

    private Task AddAsync(List<TableEntity> made, CancellationToken cancellationToken)
    {
        var entities = made.ConvertAll(ToChange);
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
            => changeTable.SubmitTransactionAsync(entities.Select(change => new TableTransactionAction(type, change)), inTime);
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
            throw new TimeoutException($"Storage did not take the changes of {scope.Partition} in time.");
        }
    }

    private TimeSpan AgeOf(TableEntity row) => clock.GetUtcNow() - RecordEntity.Time(row, RecordEntity.LastChanged);

    private void Measure(TableEntity row, int count)
        => metrics.Written(scope, row.GetString(RecordEntity.Change), row.GetString(RecordEntity.Source), count);

    private TableEntity ToChange(TableEntity row)
    {
        var change = new TableEntity(scope.Partition, ChangeFeed.KeyOf(row))
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
