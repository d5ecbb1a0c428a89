using Microsoft.Extensions.Logging;
using Springest.Client;

namespace Springest.Functions.Catalogue;

/// <summary>One tick's work on a pass: the pages from where it stood, then what a whole pass did not show.</summary>
internal sealed partial class CataloguePass(
    SpringestClient client,
    RecordTable records,
    PageLog pages,
    FieldLog fields,
    RunLock runLock,
    ResourceDescription description,
    MirrorOptions options,
    TimeProvider clock,
    ILogger logger)
{
    /// <summary>Runs that may fail at a page before it is read record by record.</summary>
    private const int Patience = 3;

    /// <summary>How often the state says how far the pass has come, at most.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private readonly MirrorStateEntity _state = runLock.State;
    private readonly bool _full = runLock.State.PassKind == nameof(PassKind.Full);
    private readonly DateTimeOffset _started = runLock.State.PassStarted!.Value;
    private readonly ChangeSource _source = runLock.State.PassKind == nameof(PassKind.Full) ? ChangeSource.Crawl : ChangeSource.Delta;

    /// <summary>Whether every page has been read. A list that names no total is believed to have ended where it ends.</summary>
    private bool IsRead => _state.PassTotal is not { } total || _state.PassOffset >= total;

    /// <summary>Works until the pass has ended.</summary>
    /// <param name="budget">Cancelled when no more work may be begun.</param>
    /// <param name="cancellationToken">Cancelled when all must stop.</param>
    public async Task RunAsync(CancellationToken budget, CancellationToken cancellationToken)
    {
        var known = _full ? await records.LoadKnownAsync(cancellationToken) : null;
        await ResumeAsync(known, cancellationToken);
        if (_state.PassFailures >= Patience)
            await ReadStubbornPageAsync(known, cancellationToken);
        if (!IsRead || _state.PassPages == 0)
            await ReadPagesAsync(known, budget, cancellationToken);
        var whole = IsRead && _state.PassSkipped == 0;
        if (known is not null && whole)
            await new MissingRecords(client, records, runLock, description, options, clock, logger).SettleAsync(known, budget, cancellationToken);

        await EndAsync(known, whole, cancellationToken);
    }

    private async Task ResumeAsync(KnownRecords? known, CancellationToken cancellationToken)
    {
        (_state.PassPages, _state.PassOffset, _state.PassCreated, _state.PassUpdated, _state.PassRefused, _state.PassSkipped) = (0, 0, 0, 0, 0, 0);
        await foreach (var page in pages.ReadAsync(_state.PassId!, cancellationToken))
        {
            Count(page);
            foreach (var id in page.Ids)
                known?.MarkSeen(id);
        }

        if (known is not null)
            await records.LogAsync(known.Unaccounted(_started), cancellationToken);
    }

    private async Task ReadPagesAsync(KnownRecords? known, CancellationToken budget, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget, cancellationToken);
        await foreach (var page in List(_state.PassOffset, new ListOptions { Prefetch = options.Prefetch }).WithCancellation(either.Token))
        {
            await TakeAsync(page, skipped: 0, known, cancellationToken);
            budget.ThrowIfCancellationRequested();
        }
    }

    private async Task ReadStubbornPageAsync(KnownRecords? known, CancellationToken cancellationToken)
    {
        var (page, skipped) = await StubbornPage.ReadAsync(ReadOneAsync, _state.PassOffset, _state.PassTotal);
        Log.Skipped(logger, client.Site, description.Resource, skipped, page.Offset);
        await TakeAsync(page, skipped, known, cancellationToken);

        async Task<SpringestPage<RawRecord>> ReadOneAsync(int offset)
        {
            runLock.Check();
            await RenewAsync(cancellationToken);
            return await List(offset, new ListOptions { PageSize = 1 }).FirstAsync(cancellationToken);
        }
    }

    private IAsyncEnumerable<SpringestPage<RawRecord>> List(int offset, ListOptions how)
    {
        IEnumerable<KeyValuePair<string, string>> query =
            _state.PassModifiedFrom is { } day ? [.. description.Query, new(description.ModifiedFrom!, day)] : description.Query;
        return client.ListRaw(description.Path, query, description.Key, how with { Offset = offset }).AsPages();
    }

    /// <summary>Applies a page, then sets the checkpoint.</summary>
    private async Task TakeAsync(SpringestPage<RawRecord> page, int skipped, KnownRecords? known, CancellationToken cancellationToken)
    {
        runLock.Check();
        var applied = await ApplyAsync(page, skipped, known, cancellationToken);
        await pages.WriteAsync(_state.PassId!, applied, cancellationToken);
        Count(applied);
        _state.PassFailures = 0;
        await RenewAsync(cancellationToken);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (runLock.Age > ProgressInterval)
            await runLock.SaveAsync(cancellationToken);
    }

    private async Task<AppliedPage> ApplyAsync(SpringestPage<RawRecord> page, int skipped, KnownRecords? known, CancellationToken cancellationToken)
    {
        var read = Read(page);
        var local = known ?? await records.FindKnownAsync(read.Select(record => record.Id), cancellationToken);
        var fresh = read.Where(record => !local.Contains(record.Id)).ToList();
        var others = read.Where(record => local.Contains(record.Id) && !local.IsSettled(record, _started)).ToList();
        await fields.NoteAsync(fresh.Concat(others), cancellationToken);
        var counts = await records.CreateAsync(fresh, _source, cancellationToken)
                     + await records.ApplyAsync(others, _source, cancellationToken)
                     + new ApplyCounts(Refused: page.Items.Count - read.Count);
        foreach (var record in read)
            local.MarkSeen(record.Id);
        local.Live += counts.Created;
        return new AppliedPage(page.Offset, page.Items.Count + skipped, page.Total, [.. read.Select(record => record.Id)], counts, skipped);
    }

    /// <summary>The records that can be stored, each id once.</summary>
    private List<CatalogueRecord> Read(SpringestPage<RawRecord> page)
    {
        var read = new Dictionary<long, CatalogueRecord>();
        foreach (var (index, item) in page.Items.Index())
        {
            if (CatalogueRecord.Read(item, out var problem) is not { } record)
                Log.Refused(logger, client.Site, description.Resource, page.Offset + index, problem);
            else if (!read.TryAdd(record.Id, record))
                Log.Repeated(logger, client.Site, description.Resource, page.Offset + index, record.Id);
        }

        return [.. read.Values];
    }

    private void Count(AppliedPage page)
    {
        _state.PassPages++;
        _state.PassOffset = Math.Max(_state.PassOffset, page.Offset + page.Items);
        _state.PassTotal = page.Total ?? _state.PassTotal;
        _state.PassCreated += page.Counts.Created;
        _state.PassUpdated += page.Counts.Updated;
        _state.PassRefused += page.Counts.Refused;
        _state.PassSkipped += page.Skipped;
    }

    private async Task EndAsync(KnownRecords? known, bool whole, CancellationToken cancellationToken)
    {
        Log.Ended(logger, client.Site, description.Resource, _state.PassKind, whole ? "whole" : "not whole, so nothing counts as missing",
            _state.PassOffset, _state.PassPages, _state.PassCreated, _state.PassUpdated, _state.PassDeleted, _state.PassRefused);
        _state.Records = known?.Live ?? (_state.Records + _state.PassCreated);
        if (_full && !whole)
            _state.IncompleteAt = clock.GetUtcNow();
        else if (_full)
            (_state.FullStarted, _state.FullCompleted, _state.HoldReleased, _state.ExportDue) = (_started, clock.GetUtcNow(), false, options.ExportsKept > 0);
        else if (whole)
            _state.DeltaStarted = _started;
        PassPlan.End(_state);
        await runLock.SaveAsync(cancellationToken);
        await pages.CleanAsync(keep: _state.PassId, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: the record at offset {Offset} {Problem}; it is left out")]
        public static partial void Refused(ILogger logger, string site, CatalogueResource resource, int offset, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} {Resource}: the record at offset {Offset} repeats id {Id} of its page; it is left out")]
        public static partial void Repeated(ILogger logger, string site, CatalogueResource resource, int offset, long id);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Site} {Resource}: the page at offset {Offset} failed again and again; read singly, all but {Skipped} of its records could be had")]
        public static partial void Skipped(ILogger logger, string site, CatalogueResource resource, int skipped, int offset);

        [LoggerMessage(Level = LogLevel.Information, Message =
            "{Site} {Resource}: the {Kind} pass has ended ({Whole}): {Records} records on {Pages} pages, {Created} created, {Updated} updated, {Deleted} deleted, {Refused} refused")]
        public static partial void Ended(
            ILogger logger, string site, CatalogueResource resource, string? kind, string whole, int records, int pages, int created, int updated, int deleted, int refused);
    }
}
