using Springest.Client;
using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>Gathers pages into groups whose rows fill a transaction, and keeps a few groups being written at a time.</summary>
/// <param name="most">Most pages that are held here, and so most that a crash can cost beside those being fetched.</param>
/// <param name="begin">Begins to write a group; the inner task is the writing.</param>
internal sealed class PageBatcher(int most, Func<IReadOnlyList<SpringestPage<RawRecord>>, Task<Task>> begin) : IAsyncDisposable
{
    private const int PageLength = 30;

    private readonly Queue<(int Pages, Task Writing)> _underWay = new();
    private List<SpringestPage<RawRecord>> _group = [];
    private bool _failed;

    /// <summary>Takes a page in. Waits while too many are being written; fails with what failed before.</summary>
    public async Task AddAsync(SpringestPage<RawRecord> page)
    {
        while (_underWay.Count > 0 && _underWay.Sum(each => each.Pages) + _group.Count >= most)
            await WaitForFirstAsync();
        _group.Add(page);
        if (_group.Count >= most || _group.Sum(each => each.Items.Count) > TableClientExtensions.MaxBatch - PageLength)
            await FlushAsync();
    }

    /// <summary>Writes what is left and waits for everything.</summary>
    public async Task FinishAsync()
    {
        if (_group.Count > 0 && !_failed)
            await FlushAsync();
        while (_underWay.Count > 0 && !_failed)
            await WaitForFirstAsync();
    }

    /// <summary>Nothing goes on after this.</summary>
    public async ValueTask DisposeAsync()
        => await Task.WhenAll(_underWay.Select(group => group.Writing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task FlushAsync()
    {
        var group = _group;
        _group = [];
        _failed = true;
        _underWay.Enqueue((group.Count, await begin(group)));
        _failed = false;
    }

    private async Task WaitForFirstAsync()
    {
        _failed = true;
        await _underWay.Dequeue().Writing;
        _failed = false;
    }
}
