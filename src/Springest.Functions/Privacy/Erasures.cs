using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Privacy;

/// <summary>
/// Forgets people. An erasure is written down before anything is removed, and goes on after a stop by looking for the person again: what is
/// removed is not found any more. It is done when a whole search has found nothing.
/// </summary>
public sealed class Erasures(AppStorage storage, IEnumerable<IPersonalData> sources, TimeProvider clock)
{
    /// <summary>The table.</summary>
    public const string Table = "Erasures";

    // Of one run; the next goes on.
    private const int MostRounds = 5;

    private readonly TableClient _table = storage.Table(Table);

    /// <summary>All that is held about a person. What is found by a name is never certain, because several people may share it.</summary>
    public IAsyncEnumerable<PersonalRecord> FindAsync(PersonText person, CancellationToken cancellationToken)
        => sources.ToAsyncEnumerable().SelectMany(source => source.FindAsync(person, cancellationToken))
            .Select(record => record with { IsCertain = record.IsCertain && person.Email is not null });

    /// <summary>Writes an erasure down.</summary>
    /// <param name="email">Whom to forget; or null.</param>
    /// <param name="records">Which records; of no importance with an address.</param>
    /// <param name="by">Who wants it.</param>
    public async Task<ErasureEntity> OrderAsync(
        string? email, IReadOnlyList<string> records, string? by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var erasure = new ErasureEntity
        {
            RowKey = string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:D19}-{Guid.NewGuid():N}"),
            Requested = now,
            By = by,
            Email = email,
            Records = email is null ? JsonSerializer.Serialize(records) : null,
        };
        // Nobody else has this key: what is there already was written by a try whose answer was lost.
        await _table.TryWriteAsync(erasure, cancellationToken);
        return (await FindAsync(erasure.RowKey, cancellationToken))!;
    }

    /// <summary>What remains for a while after an erasure, or for longer.</summary>
    /// <param name="erased">When the rest was removed.</param>
    /// <param name="unsearched">How many records could not be searched.</param>
    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased, int unsearched)
    {
        var all = sources.SelectMany(source => source.ListRemaining(erased));
        if (unsearched > 0)
            all = all.Append(new($"files that storage does not give, such as archived ones: {unsearched}", null, IsSearched: false));
        return [.. all.OrderBy(each => each.Until ?? DateTimeOffset.MaxValue)];
    }

    /// <summary>The erasure of this id, or null.</summary>
    public async Task<ErasureEntity?> FindAsync(string id, CancellationToken cancellationToken)
        => TableClientExtensions.CanBeKey(id)
            ? await _table.FindAsync<ErasureEntity>(ErasureEntity.Partition, id, cancellationToken)
            : null;

    /// <summary>Goes on with all that are not done; one that cannot keeps no other from it.</summary>
    /// <param name="cancellationToken">Stops it between two records.</param>
    public async Task ContinueAsync(CancellationToken cancellationToken)
    {
        // Those that are done name nobody any more.
        var open = _table.QueryAsync<ErasureEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ErasureEntity.Partition} and (Email ge {""} or Records ge {""})"),
            cancellationToken: cancellationToken);
        var failures = new List<Exception>();
        await foreach (var erasure in open.Where(each => each.Format == ErasureEntity.CurrentFormat))
        {
            try
            {
                await RunAsync(erasure, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    /// <summary>Goes on with one.</summary>
    public async Task RunAsync(ErasureEntity erasure, CancellationToken cancellationToken)
    {
        var removed = erasure.ReadRemoved();
        try
        {
            // What came while it was searched for is found by another search.
            for (var round = 0; round < MostRounds && erasure.Done is null; round++)
            {
                var before = removed.Values.Sum();
                erasure.Waiting = await RemoveAsync(erasure, removed, cancellationToken);
                if (erasure.Waiting > 0)
                    break;
                if (removed.Values.Sum() == before)
                    (erasure.Done, erasure.Email, erasure.Records) = (clock.GetUtcNow(), null, null);
            }
        }
        finally
        {
            await SaveAsync(erasure, removed);
        }
    }

    private async Task SaveAsync(ErasureEntity erasure, SortedDictionary<string, int> removed)
    {
        erasure.WriteRemoved(removed);
        try
        {
            var written = await _table.UpdateEntityAsync(erasure, erasure.ETag, TableUpdateMode.Replace, CancellationToken.None);
            erasure.ETag = written.Headers.ETag.GetValueOrDefault();
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // If two are at work on it, what the second writes down is lost, but not what it did.
        }
    }

    /// <summary>Removes what there is.</summary>
    /// <returns>How much of it is at work, and comes later.</returns>
    private async Task<int> RemoveAsync(ErasureEntity erasure, SortedDictionary<string, int> removed, CancellationToken cancellationToken)
    {
        var waiting = 0;
        await foreach (var record in WantedAsync(erasure, cancellationToken))
        {
            var outcome = await ForgetAsync(record, cancellationToken);
            if (outcome == ErasureOutcome.Later)
                waiting++;
            if (outcome != ErasureOutcome.Removed)
                continue;
            removed[record.Kind] = removed.GetValueOrDefault(record.Kind) + 1;
            // At once: after a stop nothing tells how much there was.
            await SaveAsync(erasure, removed);
        }

        return waiting;
    }

    private async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var source in sources)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await source.ForgetAsync(record, cancellationToken) is { } outcome)
                    return outcome;
            }

            return null;
        }
        // Such as a file that a program has leased: it keeps nothing else from being removed.
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return ErasureOutcome.Later;
        }
    }

    private async IAsyncEnumerable<RecordName> WantedAsync(
        ErasureEntity erasure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var text in erasure.ReadRecords())
            yield return RecordName.Parse(text)!.Value;
        if (erasure.Email is not { } email)
            yield break;
        erasure.Unsearched = 0;
        await foreach (var record in FindAsync(PersonText.OfEmail(email), cancellationToken))
        {
            if (record.IsCertain)
                yield return record.Name;
            else if (!record.IsSearched)
                erasure.Unsearched++;
        }
    }
}
