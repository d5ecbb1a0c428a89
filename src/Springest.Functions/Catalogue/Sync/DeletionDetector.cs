using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// What becomes of records that a pass did not show. The first time they are marked; the second time each is looked up, and a 404
/// deletes it. Too many at once hold all deletes, before anything is marked. One that cannot be looked up keeps its mark, and holds up
/// nothing. Where the API looks nothing up, every whole pass of two days, and three at least, must have missed it.
/// </summary>
internal sealed partial class DeletionDetector(
    SpringestClient client,
    CatalogueStore store,
    SyncLease lease,
    MirrorOptions options,
    TimeProvider clock,
    ILogger logger)
{
    private const int Parallelism = 8;

    /// <summary>Runs that may fail to look up what is missing before it is left to the next pass.</summary>
    private const int Patience = 3;

    /// <summary>Held records that are looked up before a hold ends by itself.</summary>
    private const int Samples = 30;

    /// <summary>How long records must be missing, at least, and in three passes, of which a list is all there is.</summary>
    private static readonly TimeSpan LongMissing = TimeSpan.FromDays(2);

    /// <summary>How long a record that no list shows is left alone after it was found.</summary>
    private static readonly TimeSpan UnlistedRest = TimeSpan.FromDays(2);

    /// <summary>How far apart two passes must be that end a hold: a day, but a pass may begin a little early.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromHours(23);

    private readonly SyncStateEntity _state = lease.State;
    private readonly MirrorScope _scope = lease.Scope;
    private readonly RecordWriter _writer = store.Writer(lease.Scope);
    private readonly HeldRecords _heldRecords = store.Held(lease.Scope);
    private readonly DateTimeOffset _started = lease.State.PassStarted!.Value;
    private readonly bool _twoPassesDo = lease.Scope.Resource.CanLookUp || lease.State.HoldReleased;

    /// <summary>Marks, looks up and deletes. May be repeated: what has been dealt with is no longer missing.</summary>
    /// <returns>How many records are missing.</returns>
    public async Task<int> SettleAsync(RecordIndex known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var missing = known.Missing.ToList();
        var unexplained = missing.Where(each => each.Mark.Unlisted is null).ToList();
        var held = await _heldRecords.ReadAsync(_state.HoldPass, cancellationToken);
        if (IsTooMany(unexplained.Count, known.Live)
            && !await EndsAsync(unexplained.ConvertAll(each => each.Id), held, known.Live, budget, cancellationToken))
            return missing.Count;

        (_state.HoldSince, _state.HoldMissing) = (null, 0);
        var marker = store.Marker(_scope);
        foreach (var chunk in unexplained.Where(each => each.Mark.Since is null && !IsHeld(each.Id)).Select(each => each.Id).Chunk(256))
        {
            budget.ThrowIfCancellationRequested();
            lease.Check();
            await marker.SetAsync(chunk, _started, cancellationToken);
            await lease.SaveAsync(cancellationToken);
        }

        var proven = missing.Where(each => IsHeld(each.Id) || IsProven(each.Mark)).Select(each => each.Id).ToList();
        if (await LookUpAsync(proven, known, budget, cancellationToken))
            _state.HoldPass = null;
        return missing.Count;

        // What a hold was about has been missed by the pass that began it, and is looked up now. A person's word counts for all that is
        // looked up; where nothing is, for what was held.
        bool IsHeld(long id)
            => _scope.Resource.CanLookUp ? _state.HoldReleased || held.Contains(id) : _state.HoldReleased && held.Contains(id);
    }

    private bool IsProven(MissingMark mark)
        => mark.Unlisted is { } found ? found <= _started - UnlistedRest
            : mark.Since < _started
                && (_twoPassesDo || (mark.Since <= _started - LongMissing && mark.Since < _state.ProofStarted && _state.PassRefused == 0));

    private bool IsTooMany(int missing, int live)
        => !_state.HoldReleased && _state.HoldEndedBy != _state.PassId && options.IsMany(missing, live);

    /// <summary>
    /// Whether a hold is needless: a pass a day ago missed the same records, they are not most of them, and some that are looked up are
    /// gone. If not, it goes on, and with other records begins anew.
    /// </summary>
    private async Task<bool> EndsAsync(
        List<long> missing, IReadOnlySet<long> held, int live, CancellationToken budget, CancellationToken cancellationToken)
    {
        _state.HoldSince ??= clock.GetUtcNow();
        _state.HoldMissing = missing.Count;
        Log.Held(logger, _scope.Site, _scope.Resource.Name, missing.Count, live);
        var same = missing.FindAll(held.Contains);
        var isKnown = same.Count > 0 && !options.IsMany(missing.Count - same.Count, live);
        if (isKnown && _state.HoldPass > _started - HoldTime)
            return false;
        if (isKnown && _scope.Resource.CanLookUp && missing.Count <= options.HoldEndShare * live)
        {
            if (await AreGoneAsync(same, budget, cancellationToken) is not { } gone)
                return false;
            if (gone)
            {
                _state.HoldEndedBy = _state.PassId;
                Log.HoldEnded(logger, _scope.Site, _scope.Resource.Name, same.Count);
                return true;
            }
        }

        if (!isKnown || missing.Count <= options.HoldEndShare * live)
        {
            await _heldRecords.WriteAsync(_started, missing, cancellationToken);
            _state.HoldPass = _started;
        }

        return false;
    }

    /// <summary>Whether a sample of records is gone; null if that cannot be found out now.</summary>
    private async Task<bool?> AreGoneAsync(List<long> ids, CancellationToken budget, CancellationToken cancellationToken)
    {
        var sample = ids.ToArray();
        new Random((int)_state.Fence).Shuffle(sample);
        var lookUp = LookUp(ids.ToHashSet());
        try
        {
            foreach (var id in sample.Take(Samples))
            {
                budget.ThrowIfCancellationRequested();
                await lease.KeepAsync(cancellationToken);
                var (found, _) = await lookUp.FindAsync(id, cancellationToken);
                if (found is { } raw)
                {
                    if (CatalogueRecord.Read(raw, out _, isListed: false) is { } record && record.Id == id)
                        await _writer.ApplyAsync(record, ChangeSource.Crawl, cancellationToken);
                    return false;
                }
            }

            await lookUp.RequireProofAsync(sample[0], fromNow: false, cancellationToken);
            return true;
        }
        catch (SpringestException failure) when (!failure.RateLimited && !failure.OverServerRate)
        {
            Log.NotLookedUp(logger, _scope.Site, _scope.Resource.Name, sample[0], failure.Message);
            return null;
        }
    }

    /// <returns>Whether every one of them could be looked up.</returns>
    private async Task<bool> LookUpAsync(
        List<long> proven, RecordIndex known, CancellationToken budget, CancellationToken cancellationToken)
    {
        // Each run begins elsewhere, so that what fails every time is not for ever in front of the others.
        var first = (int)(_state.Fence * Parallelism % Math.Max(1, proven.Count));
        var lookUp = LookUp(proven.ToHashSet());
        var (all, failure) = (true, default(SpringestException));
        foreach (var chunk in proven.Skip(first).Concat(proven.Take(first)).Chunk(Parallelism))
        {
            budget.ThrowIfCancellationRequested();
            lease.Check();
            var answers = await lease.WhileAsync(
                Task.WhenAll(chunk.Select(id => TryLookUpAsync(lookUp, id, cancellationToken))),
                () => lease.KeepAsync(cancellationToken));
            _state.PassLookUps += chunk.Length;
            var deleted = answers.Count(answer => answer.Outcome is ApplyOutcome.Deleted);
            _state.PassDeleted += deleted;
            known.Live -= deleted;
            await lease.SaveAsync(cancellationToken);
            failure = answers.Select(answer => answer.Failure).FirstOrDefault(each => each is { IsTransient: true }) ?? failure;
            all &= answers.All(answer => answer.Failure is null);
            if (answers.Count(answer => answer.Failure is not null) == Parallelism)
                break;
        }

        if (failure is not null && ++_state.LookUpFailures < Patience)
            throw failure;
        _state.LookUpFailures = 0;
        return all;
    }

    private RecordLookup LookUp(IReadOnlySet<long> ids) => new(client, store.Reader(_scope), _scope, ids, store.Controls, clock);

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
            Log.NotLookedUp(logger, _scope.Site, _scope.Resource.Name, id, failure.Message);
            return (null, failure);
        }
    }

    private async Task<ApplyOutcome> LookUpAsync(RecordLookup lookUp, long id, CancellationToken cancellationToken)
    {
        if (!_scope.Resource.CanLookUp)
            // That every pass for so long has missed it is the proof.
            return await _writer.DeleteAsync(id, _started, ChangeSource.Crawl, () => Task.CompletedTask, cancellationToken);
        var (found, asked) = await lookUp.FindAsync(id, cancellationToken);
        if (found is not { } raw)
            return await _writer.DeleteAsync(
                id, asked, ChangeSource.Crawl, () => lookUp.RequireProofAsync(id, fromNow: false, cancellationToken), cancellationToken);
        if (CatalogueRecord.Read(raw, out _, isListed: false) is not { } record || record.Id != id)
            return ApplyOutcome.Unchanged;
        return await _writer.ApplyAsync(record, ChangeSource.Crawl, cancellationToken);
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
            Message = "{Site} {Resource}: {Missing} records are missing since a day, and those looked up are gone; the hold has ended"
        )]
        public static partial void HoldEnded(ILogger logger, string site, string resource, int missing);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Site} {Resource}: record {Id} is missing but cannot be looked up, so it stays. {Reason}"
        )]
        public static partial void NotLookedUp(ILogger logger, string site, string resource, long id, string reason);
    }
}
