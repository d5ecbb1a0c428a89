namespace Springest.Client;

/// <summary>
/// One walk over a list. It goes on where the items received end, whatever size was asked for, and stops at the total (the newest
/// one counts, unless more was received already), at an empty page, or, where no total is known, at a page shorter than one before it or
/// with nothing new. Once a total is known it fetches ahead at the offsets where full pages would begin; a page that comes short is
/// followed by one for just its missing part.
/// </summary>
internal sealed class PageEnumerator<T>(
    Func<int, int, CancellationToken, Task<SpringestPage<T>>> fetch, Func<T, long?> idOf, ListOptions options,
    Func<string, bool, SpringestException> endless, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    /// <summary>Far beyond any list of Springest; a server that never ends must not hold us for ever.</summary>
    private const int MaxPages = 100_000;

    /// <summary>A list that moves while it is read repeats a page at most; a server that repeats itself goes on with it.</summary>
    private const int MaxPagesWithoutNew = 10;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly LinkedList<(int Offset, Task<SpringestPage<T>> Page)> _ahead = [];
    private readonly HashSet<long> _seen = [];
    private int _received = options.Offset;
    private int _next = options.Offset;
    private int _step;
    private int _pages;
    private int _pagesWithoutNew;
    private long? _total;
    private bool _ended;

    /// <summary>The next page in order of offsets, or null after the last.</summary>
    public async Task<SpringestPage<T>?> NextAsync()
    {
        if (_ended)
            return null;
        if (++_pages > MaxPages)
            throw endless($"{MaxPages} pages were read", false);
        if (!options.Stop.IsCancellationRequested)
            FetchAhead();
        else if (_ahead.Count == 0)
            return null;
        var (offset, fetched) = _ahead.First!.Value;
        var page = await fetched.ConfigureAwait(false);
        _ahead.RemoveFirst();

        _received = Math.Max(_received, offset + page.Received);
        _total = page.Total ?? _total;
        if (_total < _received)
            _total = null;
        _ended = IsLast(page);
        _step = Math.Max(_step, page.Received);
        if (!_ended)
            FillGap();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(_ahead.Select(ahead => ahead.Page))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private bool IsLast(SpringestPage<T> page)
    {
        if (page.Received == 0)
            return true;
        var (isKnown, isNew) = (false, false);
        foreach (var item in page.Items)
        {
            if (idOf(item) is not { } id)
                continue;
            isKnown = true;
            isNew |= _seen.Add(id);
        }
        _pagesWithoutNew = isNew ? 0 : _pagesWithoutNew + 1;
        if (_total is null)
            return page.Received < _step || (!isNew && (isKnown || _pagesWithoutNew == MaxPagesWithoutNew));
        if (_pagesWithoutNew == MaxPagesWithoutNew && _received < _total)
            throw endless($"{MaxPagesWithoutNew} pages in a row, up to {_received} of {_total}, held nothing new", true);
        return _received >= _total;
    }

    /// <summary>Fetches what lies between the end of a short page and the next one under way.</summary>
    private void FillGap()
    {
        if (_ahead.Count == 0)
            _next = _received;
        else if (_ahead.First!.Value.Offset is var ahead && _received < ahead)
            _ahead.AddFirst(Fetch(_received, Math.Min(ahead - _received, options.PageSize)));
    }

    private void FetchAhead()
    {
        while (_ahead.Count == 0 || (_ahead.Count < options.Prefetch && _next < _total))
        {
            _next = Math.Max(_next, _received);
            _ahead.AddLast(Fetch(_next, options.PageSize));
            _next += _step;
        }
    }

    private (int Offset, Task<SpringestPage<T>> Page) Fetch(int offset, int size) => (offset, fetch(offset, size, _stop.Token));
}
