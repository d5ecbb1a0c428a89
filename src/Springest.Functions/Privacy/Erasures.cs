using System.Globalization;
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
        await _table.AddEntityAsync(erasure, cancellationToken);
        return (await FindAsync(erasure.RowKey, cancellationToken))!;
    }

    /// <summary>What remains for a while after an erasure.</summary>
    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased)
        => [.. sources.SelectMany(source => source.ListRemaining(erased)).OrderBy(each => each.Until)];

    /// <summary>The erasure of this id, or null.</summary>
    public async Task<ErasureEntity?> FindAsync(string id, CancellationToken cancellationToken)
        => await _table.GetEntityIfExistsAsync<ErasureEntity>(ErasureEntity.Partition, id, cancellationToken: cancellationToken)
            is { HasValue: true, Value: { } erasure }
            ? erasure
            : null;

    /// <summary>Goes on with all that are not done.</summary>
    /// <param name="cancellationToken">Stops it between two records.</param>
    public async Task ContinueAsync(CancellationToken cancellationToken)
    {
        // Those that are done name nobody any more.
        var open = _table.QueryAsync<ErasureEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ErasureEntity.Partition} and (Email ge {""} or Records ge {""})"),
            cancellationToken: cancellationToken);
        await foreach (var erasure in open.Where(each => each.Format == ErasureEntity.CurrentFormat))
            await RunAsync(erasure, cancellationToken);
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
            erasure.WriteRemoved(removed);
            // If two are at work on it, what the second writes down is lost, but not what it did.
            await _table.TryWriteAsync(erasure, CancellationToken.None);
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
            if (outcome == ErasureOutcome.Removed)
                removed[record.Kind] = removed.GetValueOrDefault(record.Kind) + 1;
            else if (outcome == ErasureOutcome.Later)
                waiting++;
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

    private IAsyncEnumerable<RecordName> WantedAsync(ErasureEntity erasure, CancellationToken cancellationToken)
        => erasure.Email is { } email
            ? FindAsync(PersonText.OfEmail(email), cancellationToken).Where(record => record.IsCertain).Select(record => record.Name)
            : erasure.ReadRecords().ToAsyncEnumerable().Select(text => RecordName.Parse(text)!.Value);
}
