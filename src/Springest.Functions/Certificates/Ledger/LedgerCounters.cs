using Azure;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// How many rows of each site are in each state. What changes is written a moment after the rows; what a crash loses of it the nightly
/// export puts right, which reads every row.
/// </summary>
public sealed class LedgerCounters(AppStorage storage) : IDisposable
{
    private const string RowKey = "counts";
    private const string Unverified = "Unverified";

    private readonly TableClient _table = storage.Table(CertificateStorage.State);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1);

    private Dictionary<string, Dictionary<string, long>> _changes = [];

    /// <summary>Takes note of a row that was written.</summary>
    internal void Note(string site, RowFigures? before, RowFigures? after)
    {
        if (before == after)
            return;
        lock (_lock)
        {
            if (!_changes.TryGetValue(site, out var changes))
                _changes[site] = changes = [];
            Add(changes, before, -1);
            Add(changes, after, 1);
        }
    }

    /// <summary>Writes down what has changed. What was noted before is written by then, be it by another.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        // One writes, and the next one what all others have noted meanwhile: they would only overtake each other in the one row.
        await _writing.WaitAsync(cancellationToken);
        Dictionary<string, Dictionary<string, long>> changes;
        lock (_lock)
            (changes, _changes) = (_changes, []);
        try
        {
            foreach (var (site, figures) in changes)
            {
                await WriteAsync(
                    site, row => figures.ToDictionary(each => each.Key, each => (row.GetInt64(each.Key) ?? 0) + each.Value),
                    cancellationToken);
                changes.Remove(site);
            }
        }
        finally
        {
            PutBack(changes);
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>How many are in each state, by site; and how many accepted ones nobody has seen verified.</summary>
    public async Task<IReadOnlyDictionary<(string Site, SubmissionState State), int>> ReadAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(string, SubmissionState), int>();
        await foreach (var row in RowsAsync(cancellationToken))
        {
            foreach (var state in Enum.GetValues<SubmissionState>())
            {
                if (row.GetInt64(state.ToString()) is > 0 and var count)
                    counts[(row.PartitionKey, state)] = (int)count;
            }
        }

        return counts;
    }

    /// <summary>How many accepted certificates of a site nobody has seen verified yet and that are still asked about.</summary>
    public async Task<int> ReadUnverifiedAsync(string site, CancellationToken cancellationToken)
        => await FindAsync(site, cancellationToken) is { } row ? (int)Math.Max(0, row.GetInt64(Unverified) ?? 0) : 0;

    /// <summary>Puts the numbers right.</summary>
    /// <param name="site">The site.</param>
    /// <param name="rows">What is counted of every row of it.</param>
    internal Task CorrectAsync(string site, IReadOnlyCollection<RowFigures> rows, CancellationToken cancellationToken)
    {
        var figures = Enum.GetValues<SubmissionState>().ToDictionary(state => state.ToString(), _ => 0L);
        figures[Unverified] = 0;
        foreach (var row in rows)
            Add(figures, row, 1);
        return WriteAsync(site, _ => figures, cancellationToken);
    }

    private void PutBack(Dictionary<string, Dictionary<string, long>> unwritten)
    {
        lock (_lock)
        {
            foreach (var (site, figures) in unwritten)
            {
                if (!_changes.TryGetValue(site, out var changes))
                    _changes[site] = changes = [];
                foreach (var (name, value) in figures)
                    changes[name] = changes.GetValueOrDefault(name) + value;
            }
        }
    }

    private static void Add(Dictionary<string, long> changes, RowFigures? figures, int sign)
    {
        if (figures is not { } row)
            return;
        var state = row.State.ToString();
        changes[state] = changes.GetValueOrDefault(state) + sign;
        if (row.IsUnverified)
            changes[Unverified] = changes.GetValueOrDefault(Unverified) + sign;
    }

    private AsyncPageable<TableEntity> RowsAsync(CancellationToken cancellationToken)
        => _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey eq {RowKey}"), cancellationToken: cancellationToken);

    private Task<TableEntity?> FindAsync(string site, CancellationToken cancellationToken)
        => _table.FindAsync<TableEntity>(site, RowKey, cancellationToken);

    private async Task WriteAsync(
        string site, Func<TableEntity, Dictionary<string, long>> figures, CancellationToken cancellationToken)
    {
        TableEntity row;
        do
        {
            row = await FindAsync(site, cancellationToken) ?? new TableEntity(site, RowKey);
            foreach (var (name, value) in figures(row))
                row[name] = value;
        }
        // Another instance may have counted too.
        while (!await _table.TryWriteAsync(row, cancellationToken));
    }
}
