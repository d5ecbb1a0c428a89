using System.Globalization;
using System.Runtime.InteropServices;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;

namespace Springest.Functions.Catalogue.Store;

/// <summary>What a pass knows of the rows that are there: 64 bytes for each, up to twice that while it grows.</summary>
/// <param name="passStarted">When the pass began: what was fetched since is not missing, whatever the pass shows.</param>
internal sealed class RecordIndex(DateTimeOffset passStarted)
{
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly Dictionary<long, MissingMark> _marks = [];

    /// <summary>Records that are not deleted, as of now.</summary>
    public int Live { get; set; }

    /// <summary>Live records that no page of the pass has shown.</summary>
    public IEnumerable<(long Id, MissingMark Mark)> Missing
        => _entries
            .Where(entry => entry.Value is { Deleted: false, Seen: false })
            .Select(entry => (entry.Key, _marks.GetValueOrDefault(entry.Key)));

    /// <summary>Rows changed since a point in time whose change was not found: a run may have died before it wrote it.</summary>
    public IEnumerable<long> WithoutChange(DateTimeOffset since)
        => _entries.Where(entry => !entry.Value.ChangeFound && entry.Value.LastChanged >= since.UtcTicks).Select(entry => entry.Key);

    public void Add(TableEntity row)
    {
        var deleted = RecordEntity.IsDeleted(row);
        Live += deleted ? 0 : 1;
        var (id, mark) = (RecordEntity.IdOf(row), MissingMark.Of(row));
        if (mark != default)
            _marks[id] = mark;
        _entries[id] = new Entry(
            ParseHash(row.GetString(RecordEntity.Hash)),
            RecordEntity.Time(row, RecordEntity.LastChanged).UtcTicks,
            deleted,
            Marked: mark != default,
            Seen: RecordEntity.Time(row, RecordEntity.FetchedAt) >= passStarted);
    }

    /// <summary>Notes that a change was found in the feed.</summary>
    /// <param name="id">Of the record.</param>
    /// <param name="ticks">The change's time.</param>
    public void MarkChangeFound(long id, long ticks)
    {
        if (_entries.TryGetValue(id, out var entry) && entry.LastChanged == ticks)
            _entries[id] = entry with { ChangeFound = true };
    }

    /// <summary>Notes that a page has shown a record. One that was not known is now, as changed since the pass began.</summary>
    public void MarkSeen(long id)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, id, out var exists);
        entry = exists ? entry with { Seen = true } : new Entry(UInt128.Zero, long.MaxValue, Deleted: false, Marked: false, Seen: true);
    }

    public bool Contains(long id) => _entries.ContainsKey(id);

    /// <summary>True if the row holds this very record since before the pass, and nothing is to be done about it.</summary>
    public bool IsUnchanged(CatalogueRecord record)
        => _entries.TryGetValue(record.Id, out var entry)
           && entry is { Deleted: false, Marked: false }
           && entry.LastChanged < passStarted.UtcTicks
           && entry.Hash == ParseHash(record.Hash);

    private static UInt128 ParseHash(string? hash)
        => UInt128.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : UInt128.Zero;

    private readonly record struct Entry(
        UInt128 Hash, long LastChanged, bool Deleted, bool Marked, bool Seen = false, bool ChangeFound = false);
}
