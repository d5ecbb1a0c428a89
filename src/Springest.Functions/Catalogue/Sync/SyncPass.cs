using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// One tick's work on a pass: the pages from where it stood, then what a full pass did not show. That the list came to its end ends the
/// pass; that it showed all that it said there is, or nearly, makes what it did not show missing.
/// </summary>
internal sealed partial class SyncPass(
    SpringestClient client,
    CatalogueStore store,
    SyncLease lease,
    MirrorOptions options,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    /// <summary>How much earlier than it was written a row's last change may be dated: clocks differ, and requests get stuck.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly MirrorScope _scope = lease.Scope;
    private readonly ResourceDescription _resource = lease.Scope.Resource;
    private readonly PageWriter _writer = new(
        lease, store.Reader(lease.Scope), store.Writer(lease.Scope), store.Pages(lease.Scope), store.Fields(lease.Scope), logger);
    private readonly SyncStateEntity _state = lease.State;
    private readonly bool _full = lease.State.PassKind == nameof(PassKind.Full);
    private readonly DateTimeOffset _started = lease.State.PassStarted!.Value;

    /// <summary>When the rows that are there were read.</summary>
    private DateTimeOffset _loaded;

    /// <summary>Since when changes may have been lost: the last full pass saw to those before it.</summary>
    private DateTimeOffset Unsure
        => Max(_state.FullStarted is { } last ? last - Margin : DateTimeOffset.MinValue, _state.ChangesFrom ?? DateTimeOffset.MinValue);

    /// <summary>Records that the list said there are, and the pass has not shown.</summary>
    private int Unread
        => _state.PassSkipped + _writer.Repeated + (int)Math.Clamp((_state.PassTotal ?? 0) - _state.PassOffset, 0, int.MaxValue / 3);

    /// <summary>Works until the pass has ended.</summary>
    /// <param name="budget">Cancelled when no more work may be begun.</param>
    /// <param name="cancellationToken">Cancelled when all must stop.</param>
    /// <returns>Whether it has ended; if not, it is to go on with a later tick.</returns>
    public async Task<bool> RunAsync(CancellationToken budget, CancellationToken cancellationToken)
    {
        var share = SyncSchedule.PagesDue(_state, options, clock.GetUtcNow());
        if (share < 1)
            return false;
        _loaded = clock.GetUtcNow();
        var known = _full ? await LoadKnownAsync(cancellationToken) : null;
        await _writer.ResumeAsync(known, cancellationToken);
        if (!_state.PassEnded && !await ReadPagesAsync(share, known, budget, cancellationToken))
            return false;
        var isProof = known is not null && IsProof();
        var missing = !isProof ? 0
            : await new DeletionDetector(client, store, lease, options, clock, logger).SettleAsync(
                known!,
                budget,
                cancellationToken);
        await EndAsync(known, isProof, missing, cancellationToken);
        return true;
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>All rows. The changes of those that have changed lately are written, whatever became of who wrote the rows.</summary>
    private async Task<RecordIndex> LoadKnownAsync(CancellationToken cancellationToken)
    {
        var reader = store.Reader(_scope);
        var known = await reader.IndexAsync(_started, Keep, cancellationToken);
        await store.ChangeWriter(_scope, reader).CompleteAsync(known, Unsure, Keep, cancellationToken);
        return known;

        Task Keep() => lease.KeepAsync(cancellationToken);
    }

    /// <summary>What cannot be looked up is missing only if nothing was left out.</summary>
    private bool IsProof() => _resource.CanLookUp ? !options.IsMany(Unread, _state.PassTotal ?? 0) : Unread == 0;

    /// <summary>Reads on to the list's end. What makes a page fail is left out.</summary>
    /// <returns>False if the pass has had its share of the requests before.</returns>
    private async Task<bool> ReadPagesAsync(
        double share, RecordIndex? known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var most = _state.PassPages + share;
        while (!_state.PassEnded && _state.PassPages < most)
        {
            try
            {
                await ReadPagesUntilAsync(most, known, budget, cancellationToken);
            }
            catch (SpringestException failure) when (PoisonPageReader.IsOfTheRecord(failure))
            {
                await ReadPoisonPageAsync(failure, known, budget, cancellationToken);
            }

            if (!_state.PassEnded)
                budget.ThrowIfCancellationRequested();
        }

        return _state.PassEnded;
    }

    /// <summary>
    /// Applies pages while others are being fetched: the rows of a few pages go out together, a few such groups at a time, and their
    /// checkpoints are set in order. What was fetched before a failure is applied as well.
    /// </summary>
    private async Task ReadPagesUntilAsync(double most, RecordIndex? known, CancellationToken budget, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(budget);
        var how = new ListOptions { Prefetch = options.Prefetch, Stop = stop.Token };
        var pages = _state.PassPages;
        await using var list = List(_state.PassOffset, how).GetAsyncEnumerator(cancellationToken);
        await using var groups = new PageBatcher(
            options.Prefetch, group => _writer.BeginAsync(group, skipped: 0, known, cancellationToken));
        var ended = false;
        try
        {
            while (await WhileAliveAsync(list.MoveNextAsync().AsTask(), cancellationToken))
            {
                await groups.AddAsync(list.Current);
                // Behind an empty page the list ends by itself.
                if (++pages >= most && list.Current.Items.Count > 0)
                    await stop.CancelAsync();
            }

            ended = !stop.IsCancellationRequested;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                await groups.FinishAsync();
        }

        _state.PassEnded = ended;
    }

    private Task<T> WhileAliveAsync<T>(Task<T> answer, CancellationToken cancellationToken)
        => lease.WhileAsync(answer, () => _writer.RenewAsync(cancellationToken));

    private async Task ReadPoisonPageAsync(
        SpringestException fault, RecordIndex? known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var (page, skipped) = await new PoisonPageReader(ReadAsync).ReadAsync(_state.PassOffset, _state.PassTotal, fault);
        if (skipped > 0)
            Log.Skipped(logger, _scope.Site, _resource.Name, skipped, page.Offset, fault.Message);
        await await _writer.BeginAsync([page], skipped, known, cancellationToken);
        _state.PassEnded = page.Items.Count + skipped == 0;

        async Task<SpringestPage<RawRecord>> ReadAsync(int offset, int length)
        {
            budget.ThrowIfCancellationRequested();
            await _writer.RenewAsync(cancellationToken);
            var page = List(offset, new ListOptions { PageSize = length, DespiteFailures = true }).FirstAsync(cancellationToken);
            return await WhileAliveAsync(page.AsTask(), cancellationToken);
        }
    }

    private IAsyncEnumerable<SpringestPage<RawRecord>> List(int offset, ListOptions how)
    {
        IEnumerable<KeyValuePair<string, string>> query =
            _state.PassModifiedFrom is { } day ? [.. _resource.Query, new(_resource.ModifiedFrom!, day)] : _resource.Query;
        return client.ListRaw(_resource.Path, query, _resource.Key, how with { Offset = offset }).AsPages();
    }

    private async Task EndAsync(RecordIndex? known, bool isProof, int missing, CancellationToken cancellationToken)
    {
        Log.Ended(logger, _scope.Site, _resource.Name, _state.PassKind, _state.PassOffset, _state.PassPages, _state.PassCreated,
            _state.PassUpdated, _state.PassDeleted, _state.PassRefused, Unread);
        var now = clock.GetUtcNow();
        await CountAsync(known, cancellationToken);
        await store.Passes(_scope).WriteAsync(_state, missing, now, cancellationToken);
        _state.Refused = _state.PassRefused;
        if (_full)
        {
            (_state.FullStarted, _state.FullCompleted) = (_started, now);
            (_state.SnapshotDue, _state.SnapshotBegun) = (options.SnapshotsKept > 0, null);
            _state.Unread = Unread;
            if (isProof)
                (_state.ProofStarted, _state.ProofCompleted, _state.HoldReleased) = (_started, now, false);
        }
        else
        {
            (_state.DeltaStarted, _state.DeltaPages) = (_started, _state.PassPages);
            _state.FullHasUntil = now + (now - _started);
        }

        SyncSchedule.End(_state);
        await lease.SaveAsync(cancellationToken);
        await store.Pages(_scope).CleanAsync(keep: _state.PassId, cancellationToken);
    }

    /// <summary>What webhooks have created and deleted beside the passes is told by the changes.</summary>
    private async Task CountAsync(RecordIndex? known, CancellationToken cancellationToken)
    {
        var changes = store.Changes(_scope);
        var since = known is null ? _state.CountedUntil ?? _loaded : _loaded;
        _state.CountedUntil = Max(since, changes.Horizon);
        _state.Records = (known?.Live ?? (_state.Records + _state.PassCreated))
            + await changes.CountWebhooksAsync(since, _state.CountedUntil.Value, cancellationToken);
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Site} {Resource}: {Skipped} records of the page at offset {Offset} cannot be had and are left out. {Reason}"
        )]
        public static partial void Skipped(ILogger logger, string site, string resource, int skipped, int offset, string reason);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Site} {Resource}: the {Kind} pass has ended: {Records} records on {Pages} pages, {Created} created, {Updated} "
                + "updated, {Deleted} deleted, {Refused} refused, {Unread} not shown"
        )]
        public static partial void Ended(
            ILogger logger, string site, string resource, string? kind, int records, int pages, int created, int updated, int deleted,
            int refused, int unread);
    }
}
