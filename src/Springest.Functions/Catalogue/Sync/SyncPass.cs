using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>One tick's work on a pass: the pages from where it stood, then what a whole pass did not show.</summary>
internal sealed partial class SyncPass(
    SpringestClient client,
    CatalogueStore store,
    SyncLease lease,
    ResourceDescription description,
    MirrorOptions options,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    /// <summary>Runs that may fail at a page before it is read record by record.</summary>
    private const int Patience = 3;

    /// <summary>How often the state says how far the pass has come, at most.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    /// <summary>How much earlier than it was written a row's last change may be dated: clocks differ, and requests get stuck.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly RecordTable _records = store.Records(client.Site, description);
    private readonly CheckpointStore _pages = store.Pages(client.Site, description);
    private readonly FieldTracker _fields = store.Fields(client.Site, description);
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly SyncStateEntity _state = lease.State;
    private readonly bool _full = lease.State.PassKind == nameof(PassKind.Full);
    private readonly DateTimeOffset _started = lease.State.PassStarted!.Value;
    private readonly ChangeSource _source = lease.State.PassKind == nameof(PassKind.Full) ? ChangeSource.Crawl : ChangeSource.Delta;

    /// <summary>The latest checkpoint to be set. Each waits for the one before.</summary>
    private Task _checkpoint = Task.CompletedTask;

    /// <summary>Whether this run has come to the list's own end.</summary>
    private bool _ended;

    /// <summary>
    /// Whether every page has been read. A list that names no total is believed to end where it ends, but only by the run that has seen it
    /// end.
    /// </summary>
    private bool IsRead => _state.PassTotal is { } total ? _state.PassOffset >= total : _ended;

    /// <summary>Since when changes may have been lost: the last whole full pass saw to those before it.</summary>
    private DateTimeOffset Unsure => _state.FullStarted is { } last ? last - Margin : DateTimeOffset.MinValue;

    /// <summary>Works until the pass has ended.</summary>
    /// <param name="budget">Cancelled when no more work may be begun.</param>
    /// <param name="cancellationToken">Cancelled when all must stop.</param>
    /// <returns>Whether it has seen every page.</returns>
    public async Task<bool> RunAsync(CancellationToken budget, CancellationToken cancellationToken)
    {
        var known = _full ? await _records.LoadKnownAsync(Unsure, () => lease.KeepAsync(cancellationToken), cancellationToken) : null;
        await ResumeAsync(known, cancellationToken);
        if (!IsRead && _state.PassFailures >= Patience)
            await ReadPoisonPageAsync(known, budget, cancellationToken);
        if (!IsRead || _state.PassPages == 0)
            await ReadPagesAsync(known, budget, cancellationToken);
        var whole = IsRead && _state.PassSkipped == 0;
        if (known is not null && whole)
            await new DeletionDetector(client, _records, lease, description, options, store.Controls, clock, logger).SettleAsync(
                known,
                budget,
                cancellationToken);

        await EndAsync(known, whole, cancellationToken);
        return whole;
    }

    public void Dispose() => _renewing.Dispose();

    private async Task ResumeAsync(RecordIndex? known, CancellationToken cancellationToken)
    {
        (_state.PassPages, _state.PassOffset, _state.PassCreated, _state.PassUpdated, _state.PassRefused, _state.PassSkipped) = (
            0,
            0,
            0,
            0,
            0,
            0);
        await foreach (var page in _pages.ReadAsync(_state.PassId!, cancellationToken))
        {
            Count(page);
            foreach (var id in page.Ids)
                known?.MarkSeen(id);
            await lease.KeepAsync(cancellationToken);
        }

        await lease.KeepAsync(cancellationToken);
    }

    /// <summary>
    /// Applies pages while others are being fetched: the rows of a few pages go out together, a few such groups at a time, and their
    /// checkpoints are set in order. What was fetched before a failure is applied as well.
    /// </summary>
    private async Task ReadPagesAsync(RecordIndex? known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var how = new ListOptions { Prefetch = options.Prefetch, Stop = budget };
        await using var list = List(_state.PassOffset, how).GetAsyncEnumerator(cancellationToken);
        await using var groups = new PageBatcher(options.Prefetch, group => BeginAsync(group, skipped: 0, known, cancellationToken));
        try
        {
            while (await WhileAliveAsync(list.MoveNextAsync().AsTask(), cancellationToken))
                await groups.AddAsync(list.Current);
            _ended = !budget.IsCancellationRequested;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                await groups.FinishAsync();
        }

        if (!IsRead)
            budget.ThrowIfCancellationRequested();
    }

    private Task<T> WhileAliveAsync<T>(Task<T> answer, CancellationToken cancellationToken)
        => lease.WhileAsync(answer, () => RenewAsync(cancellationToken));

    private async Task ReadPoisonPageAsync(RecordIndex? known, CancellationToken budget, CancellationToken cancellationToken)
    {
        var (page, skipped) = await PoisonPageReader.ReadAsync(ReadOneAsync, _state.PassOffset, _state.PassTotal);
        Log.Skipped(logger, client.Site, description.Name, skipped, page.Offset);
        await await BeginAsync([page], skipped, known, cancellationToken);

        async Task<SpringestPage<RawRecord>> ReadOneAsync(int offset)
        {
            budget.ThrowIfCancellationRequested();
            await RenewAsync(cancellationToken);
            return await WhileAliveAsync(
                List(offset, new ListOptions { PageSize = 1 }).FirstAsync(cancellationToken).AsTask(),
                cancellationToken);
        }
    }

    private IAsyncEnumerable<SpringestPage<RawRecord>> List(int offset, ListOptions how)
    {
        IEnumerable<KeyValuePair<string, string>> query =
            _state.PassModifiedFrom is { } day ? [.. description.Query, new(description.ModifiedFrom!, day)] : description.Query;
        return client.ListRaw(description.Path, query, description.Key, how with { Offset = offset }).AsPages();
    }

    /// <summary>Compares some pages with what is known, and begins to write what differs.</summary>
    /// <returns>The writing, to which the checkpoints belong. They wait for those of the group before.</returns>
    private async Task<Task> BeginAsync(
        IReadOnlyList<SpringestPage<RawRecord>> group,
        int skipped,
        RecordIndex? known,
        CancellationToken cancellationToken)
    {
        lease.Check();
        var read = group.Select(Read).ToList();
        var unique = read.SelectMany(page => page)
            .GroupBy(record => record.Id)
            .Select(same => same.MaxBy(record => record.Raw.Received)!)
            .ToList();
        var local = known ?? await _records.FindKnownAsync(unique.Select(record => record.Id), cancellationToken);
        var fresh = unique.Where(record => !local.Contains(record.Id)).ToList();
        var others = unique.Where(record => local.Contains(record.Id) && !local.IsSettled(record, _started)).ToList();
        await _fields.NoteAsync(fresh.Concat(others), cancellationToken);
        foreach (var record in unique)
            local.MarkSeen(record.Id);

        var applied = group
            .Zip(
                read,
                (page, of) =>
                    new Checkpoint(
                        page.Offset,
                        page.Items.Count + skipped,
                        page.Total,
                        [.. of.Select(record => record.Id)],
                        new(Refused: page.Items.Count - of.Count),
                        skipped))
            .ToList();
        return _checkpoint = WriteAsync(fresh, others, applied, local, _checkpoint, cancellationToken);
    }

    private async Task WriteAsync(
        List<CatalogueRecord> fresh,
        List<CatalogueRecord> others,
        List<Checkpoint> applied,
        RecordIndex local,
        Task before,
        CancellationToken cancellationToken)
    {
        var counts =
            await _records.CreateAsync(fresh, _source, cancellationToken) + await _records.ApplyAsync(others, _source, cancellationToken);
        await before;
        lease.Check();
        applied[0] = applied[0] with { Counts = applied[0].Counts + counts };
        await _pages.WriteAsync(_state.PassId!, applied, cancellationToken);
        foreach (var page in applied)
            Count(page);
        local.Live += counts.Created;
        _state.PassFailures = 0;
        await RenewAsync(cancellationToken);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (lease.Age > ProgressInterval)
                await lease.SaveAsync(cancellationToken);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>The records that can be stored, each id once.</summary>
    private List<CatalogueRecord> Read(SpringestPage<RawRecord> page)
    {
        var read = new Dictionary<long, CatalogueRecord>();
        foreach (var (index, item) in page.Items.Index())
        {
            if (CatalogueRecord.Read(item, out var problem) is not { } record)
                Log.Refused(logger, client.Site, description.Name, page.Offset + index, problem);
            else if (!read.TryAdd(record.Id, record))
                Log.Repeated(logger, client.Site, description.Name, page.Offset + index, record.Id);
        }

        return [.. read.Values];
    }

    private void Count(Checkpoint page)
    {
        _state.PassPages++;
        _state.PassOffset = Math.Max(_state.PassOffset, page.Offset + page.Items);
        _state.PassTotal = page.Total ?? _state.PassTotal;
        _state.PassCreated += page.Counts.Created;
        _state.PassUpdated += page.Counts.Updated;
        _state.PassRefused += page.Counts.Refused;
        _state.PassSkipped += page.Skipped;
    }

    private async Task EndAsync(RecordIndex? known, bool whole, CancellationToken cancellationToken)
    {
        Log.Ended(logger, client.Site, description.Name, _state.PassKind, whole ? "whole" : "not whole, so nothing counts as missing",
            _state.PassOffset, _state.PassPages, _state.PassCreated, _state.PassUpdated, _state.PassDeleted, _state.PassRefused);
        _state.Records = known?.Live ?? (_state.Records + _state.PassCreated);
        _state.Refused = _state.PassRefused;
        if (_full && !whole)
            _state.IncompleteAt = clock.GetUtcNow();
        else if (_full)
            (_state.FullStarted, _state.FullCompleted, _state.HoldReleased, _state.ExportDue) = (
                _started,
                clock.GetUtcNow(),
                false,
                options.ExportsKept > 0);
        else if (whole)
            _state.DeltaStarted = _started;
        if (!_full)
            _state.FullHasUntil = clock.GetUtcNow() + (clock.GetUtcNow() - _started);
        SyncSchedule.End(_state);
        await lease.SaveAsync(cancellationToken);
        await _pages.CleanAsync(keep: _state.PassId, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: the record at offset {Offset} {Problem}; it is left out")]
        public static partial void Refused(ILogger logger, string site, string resource, int offset, string problem);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Site} {Resource}: the record at offset {Offset} repeats id {Id} of its page; it is left out"
        )]
        public static partial void Repeated(ILogger logger, string site, string resource, int offset, long id);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Site} {Resource}: the page at offset {Offset} failed again and again; read singly, all but {Skipped} of its "
                + "records could be had"
        )]
        public static partial void Skipped(ILogger logger, string site, string resource, int skipped, int offset);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Site} {Resource}: the {Kind} pass has ended ({Whole}): {Records} records on {Pages} pages, {Created} created, "
                + "{Updated} updated, {Deleted} deleted, {Refused} refused"
        )]
        public static partial void Ended(
            ILogger logger,
            string site,
            string resource,
            string? kind,
            string whole,
            int records,
            int pages,
            int created,
            int updated,
            int deleted,
            int refused);
    }
}
