using Microsoft.Extensions.Logging;
using Springest.Client;

namespace Springest.Functions.Catalogue;

/// <summary>
/// What becomes of records that a whole pass did not show. The first time they are marked; the second time each is looked
/// up, and a 404 deletes it. Too many at once hold all deletes.
/// </summary>
internal sealed partial class MissingRecords(
    SpringestClient client, RecordTable records, RunLock runLock, ResourceDescription description, MirrorOptions options, TimeProvider clock, ILogger logger)
{
    private const int Parallelism = 8;

    private readonly MirrorStateEntity _state = runLock.State;
    private readonly LookUp _lookUp = new(client, records, description);

    /// <summary>Marks, looks up and deletes. May be repeated: what has been dealt with is no longer missing.</summary>
    public async Task SettleAsync(KnownRecords known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var missing = known.Missing.ToList();
        var marked = new List<long>();
        foreach (var chunk in missing.Chunk(256))
        {
            budget.ThrowIfCancellationRequested();
            runLock.Check();
            marked.AddRange(await records.MarkMissingAsync(chunk, _state.PassStarted!.Value, cancellationToken));
            await runLock.SaveAsync(cancellationToken);
        }

        if (!_state.HoldReleased && IsTooMany(missing.Count, known.Live))
        {
            Hold(missing.Count, known.Live);
            return;
        }

        (_state.HoldSince, _state.HoldMissing) = (null, 0);
        foreach (var chunk in marked.Chunk(Parallelism))
        {
            budget.ThrowIfCancellationRequested();
            runLock.Check();
            var outcomes = await Task.WhenAll(chunk.Select(id => LookUpAsync(id, cancellationToken)));
            var deleted = outcomes.Count(outcome => outcome is RefreshOutcome.Deleted);
            _state.PassDeleted += deleted;
            known.Live -= deleted;
            await runLock.SaveAsync(cancellationToken);
        }
    }

    private bool IsTooMany(int missing, int live) => missing >= options.DeleteHoldMinimum && missing > options.DeleteHoldShare * live;

    private void Hold(int missing, int live)
    {
        _state.HoldSince ??= clock.GetUtcNow();
        _state.HoldMissing = missing;
        Log.Held(logger, client.Site, description.Name, missing, live);
    }

    private async Task<RefreshOutcome> LookUpAsync(long id, CancellationToken cancellationToken)
    {
        if (!description.CanLookUp)
            return await records.DeleteAsync(id, _state.PassStarted!.Value, ChangeSource.Crawl, cancellationToken);
        var asked = clock.GetUtcNow();
        if (await _lookUp.FindAsync(id, cancellationToken) is not { } raw)
            return await records.DeleteAsync(id, asked, ChangeSource.Crawl, cancellationToken);
        if (CatalogueRecord.Read(raw, out _) is not { } record || record.Id != id)
            return RefreshOutcome.Unchanged;
        return await records.ApplyAsync(record, ChangeSource.Crawl, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Site} {Resource}: {Missing} of {Live} records are missing at once; deletes are held")]
        public static partial void Held(ILogger logger, string site, string resource, int missing, int live);
    }
}
