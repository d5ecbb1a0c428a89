using Microsoft.Extensions.Logging;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// Writes what the pages of a pass show: the rows that differ, then the pages' checkpoints, in their order. What is written is counted in
/// the pass's state.
/// </summary>
internal sealed partial class PageWriter(
    SyncLease lease, RecordReader records, RecordWriter writer, CheckpointStore pages, FieldTracker fields, ILogger logger) : IDisposable
{
    /// <summary>How often the state says how far the pass has come, at most.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _renewing = new(1);
    private readonly HashSet<long> _shown = [];
    private readonly SyncStateEntity _state = lease.State;
    private readonly DateTimeOffset _started = lease.State.PassStarted!.Value;
    private readonly ChangeSource _source = lease.State.PassKind == nameof(PassKind.Full) ? ChangeSource.Crawl : ChangeSource.Delta;

    /// <summary>The latest checkpoint to be set. Each waits for the one before.</summary>
    private Task _checkpoint = Task.CompletedTask;

    /// <summary>
    /// Records that an earlier page had shown already, of a resource that cannot be looked up: in the place of each, another may have been
    /// left out. It may also be that one was added while the pass was read. Then nothing is wrong, but nothing is deleted either until
    /// the next pass, and that comes sooner.
    /// </summary>
    public int Repeated { get; private set; }

    /// <summary>Counts what earlier runs have written.</summary>
    public async Task ResumeAsync(RecordIndex? known, CancellationToken cancellationToken)
    {
        SyncSchedule.ResetCounts(_state);
        await foreach (var page in pages.ReadAsync(_state.PassId!, cancellationToken))
        {
            Count(page);
            foreach (var id in page.Ids)
                known?.MarkSeen(id);
            await lease.KeepAsync(cancellationToken);
        }

        await lease.KeepAsync(cancellationToken);
    }

    /// <summary>Compares some pages with what is known, and begins to write what differs.</summary>
    /// <param name="group">The pages.</param>
    /// <param name="skipped">Records of theirs that could not be had.</param>
    /// <param name="known">All that is there; null if only that of these pages is to be looked for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The writing, to which the checkpoints belong. They wait for those of the group before.</returns>
    public async Task<Task> BeginAsync(
        IReadOnlyList<SpringestPage<RawRecord>> group, int skipped, RecordIndex? known, CancellationToken cancellationToken)
    {
        lease.Check();
        var read = group.Select(Read).ToList();
        var unique = read.SelectMany(page => page)
            .GroupBy(record => record.Id)
            .Select(same => same.MaxBy(record => record.Raw.RequestedAt)!)
            .ToList();
        var local = known ?? await records.IndexAsync(unique.Select(record => record.Id), _started, cancellationToken);
        var fresh = unique.Where(record => !local.Contains(record.Id)).ToList();
        var others = unique.Where(record => local.Contains(record.Id) && !local.IsUnchanged(record)).ToList();
        await fields.NoteAsync(fresh.Concat(others), cancellationToken);
        foreach (var record in unique)
            local.MarkSeen(record.Id);

        var applied = group.Zip(read, (page, of) => new Checkpoint(
            page.Offset, page.Items.Count + page.Skipped.Count + skipped, page.Total, [.. of.Select(record => record.Id)],
            new(Refused: page.Items.Count - of.Count), page.Skipped.Count + skipped)).ToList();
        return _checkpoint = WriteAsync(fresh, others, applied, local, _checkpoint, cancellationToken);
    }

    /// <summary>A sign of life, and how far the pass has come.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
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

    public void Dispose() => _renewing.Dispose();

    private async Task WriteAsync(
        List<CatalogueRecord> fresh,
        List<CatalogueRecord> others,
        List<Checkpoint> applied,
        RecordIndex local,
        Task before,
        CancellationToken cancellationToken)
    {
        var counts =
            await writer.CreateAsync(fresh, _source, cancellationToken) + await writer.ApplyAsync(others, _source, cancellationToken);
        await before;
        lease.Check();
        applied[0] = applied[0] with { Counts = applied[0].Counts + counts };
        await pages.WriteAsync(_state.PassId!, applied, cancellationToken);
        foreach (var page in applied)
            Count(page);
        local.Live += counts.Created;
        await RenewAsync(cancellationToken);
    }

    /// <summary>The records that can be stored, each id once.</summary>
    private List<CatalogueRecord> Read(SpringestPage<RawRecord> page)
    {
        var read = new Dictionary<long, CatalogueRecord>();
        foreach (var (index, item) in page.Items.Index())
        {
            if (CatalogueRecord.Read(item, out var problem, isListed: true) is not { } record)
                Log.Refused(logger, lease.Scope.Site, lease.Scope.Resource.Name, page.Offset + index, problem);
            else if (!read.TryAdd(record.Id, record))
                Log.Repeated(logger, lease.Scope.Site, lease.Scope.Resource.Name, page.Offset + index, record.Id);
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
        if (lease.Scope.Resource.CanLookUp)
            return;
        var repeated = page.Ids.Count(id => !_shown.Add(id));
        // Behind the end, a server that does not page answers with the same again.
        if (page.Total > page.Offset || repeated < page.Ids.Count)
            Repeated += repeated;
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
    }
}
