using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// What becomes of records that a whole pass did not show. The first time they are marked; the second time each is looked
/// up, and a 404 deletes it. Too many at once, or all, hold all deletes. One that cannot be looked up keeps its mark, and holds up
/// nothing. Where the API looks nothing up, every whole pass of two days must have missed it.
/// </summary>
internal sealed partial class DeletionDetector(
    SpringestClient client,
    RecordTable records,
    SyncLease lease,
    ResourceDescription description,
    MirrorOptions options,
    ControlReads controls,
    TimeProvider clock,
    ILogger logger)
{
    private const int Parallelism = 8;

    /// <summary>Runs that may fail to look up what is missing before it is left to the next pass.</summary>
    private const int Patience = 3;

    /// <summary>How long records must be missing, at least, of which a list is all there is.</summary>
    private static readonly TimeSpan LongMissing = TimeSpan.FromDays(2);

    private readonly SyncStateEntity _state = lease.State;

    /// <summary>Marks, looks up and deletes. May be repeated: what has been dealt with is no longer missing.</summary>
    public async Task SettleAsync(RecordIndex known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var proof = description.CanLookUp || _state.HoldReleased ? TimeSpan.Zero : LongMissing;
        var missing = new List<(long Id, bool IsProven)>();
        foreach (var chunk in known.Missing.Chunk(256))
        {
            budget.ThrowIfCancellationRequested();
            lease.Check();
            missing.AddRange(await records.MarkMissingAsync(chunk, _state.PassStarted!.Value, proof, cancellationToken));
            await lease.SaveAsync(cancellationToken);
        }

        if (!_state.HoldReleased && IsTooMany(missing.Count, known.Live))
        {
            Hold(missing.Count, known.Live);
            return;
        }

        (_state.HoldSince, _state.HoldMissing) = (null, 0);
        await LookUpAsync([.. missing.Where(each => each.IsProven).Select(each => each.Id)], known, budget, cancellationToken);
    }

    private async Task LookUpAsync(List<long> marked, RecordIndex known, CancellationToken budget, CancellationToken cancellationToken)
    {
        // Each run begins elsewhere, so that what fails every time is not for ever in front of the others.
        var first = (int)(_state.Fence * Parallelism % Math.Max(1, marked.Count));
        var lookUp = new RecordLookup(client, records, description, marked.ToHashSet(), controls, clock);
        SpringestException? failure = null;
        foreach (var chunk in marked.Skip(first).Concat(marked.Take(first)).Chunk(Parallelism))
        {
            budget.ThrowIfCancellationRequested();
            lease.Check();
            var answers = await lease.WhileAsync(
                Task.WhenAll(chunk.Select(id => TryLookUpAsync(lookUp, id, cancellationToken))),
                () => lease.KeepAsync(cancellationToken));
            var deleted = answers.Count(answer => answer.Outcome is ApplyOutcome.Deleted);
            _state.PassDeleted += deleted;
            known.Live -= deleted;
            await lease.SaveAsync(cancellationToken);
            failure = answers.Select(answer => answer.Failure).FirstOrDefault(each => each is { IsTransient: true }) ?? failure;
            if (answers.Count(answer => answer.Failure is not null) == Parallelism)
                break;
        }

        if (failure is not null && ++_state.LookUpFailures < Patience)
            throw failure;
        _state.LookUpFailures = 0;
    }

    /// <summary>A pass that shows nothing at all is no proof either, however little there was.</summary>
    private bool IsTooMany(int missing, int live)
        => (missing >= options.DeleteHoldMinimum && missing > options.DeleteHoldShare * live) || (missing > 0 && missing >= live);

    private void Hold(int missing, int live)
    {
        _state.HoldSince ??= clock.GetUtcNow();
        _state.HoldMissing = missing;
        Log.Held(logger, client.Site, description.Name, missing, live);
    }

    /// <exception cref="SpringestException">There were too many requests: whoever asks later will be answered.</exception>
    private async Task<(ApplyOutcome? Outcome, SpringestException? Failure)> TryLookUpAsync(
        RecordLookup lookUp,
        long id,
        CancellationToken cancellationToken)
    {
        try
        {
            return (await LookUpAsync(lookUp, id, cancellationToken), null);
        }
        catch (SpringestException failure) when (!failure.RateLimited && !failure.OverServerRate)
        {
            Log.NotLookedUp(logger, client.Site, description.Name, id, failure.Message);
            return (null, failure);
        }
    }

    private async Task<ApplyOutcome> LookUpAsync(RecordLookup lookUp, long id, CancellationToken cancellationToken)
    {
        if (!description.CanLookUp)
            // That every pass for so long has missed it is the proof.
            return await records.DeleteAsync(
                id, _state.PassStarted!.Value, ChangeSource.Crawl, () => Task.CompletedTask, cancellationToken);
        var (found, asked) = await lookUp.FindAsync(id, cancellationToken);
        if (found is not { } raw)
            return await records.DeleteAsync(
                id, asked, ChangeSource.Crawl, () => lookUp.RequireProofAsync(id, cancellationToken), cancellationToken);
        if (CatalogueRecord.Read(raw, out _) is not { } record || record.Id != id)
            return ApplyOutcome.Unchanged;
        return await records.ApplyAsync(record, ChangeSource.Crawl, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Site} {Resource}: {Missing} of {Live} records are missing at once; deletes are held"
        )]
        public static partial void Held(ILogger logger, string site, string resource, int missing, int live);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Site} {Resource}: record {Id} is missing but cannot be looked up, so it stays. {Reason}"
        )]
        public static partial void NotLookedUp(ILogger logger, string site, string resource, long id, string reason);
    }
}
