namespace Springest.Client;

/// <summary>
/// Makes what a stand-in for <see cref="SpringestClient"/> returns in tests. Records and <see cref="SpringestException"/> are made with
/// <c>new</c>.
/// </summary>
public static class SpringestModelFactory
{
    /// <summary>A list of one page.</summary>
    public static SpringestList<T> List<T>(params IReadOnlyList<T> items) => Pages(Page(items, total: items.Count));

    /// <summary>A list of these pages.</summary>
    public static SpringestList<T> Pages<T>(params IReadOnlyList<SpringestPage<T>> pages) => new FixedList<T>(pages);

    /// <summary>A page.</summary>
    public static SpringestPage<T> Page<T>(IReadOnlyList<T> items, int offset = 0, long? total = null,
        IReadOnlyList<SkippedRecord>? skipped = null)
        => new(items, offset, total) { Skipped = skipped ?? [] };

    private sealed class FixedList<T>(IReadOnlyList<SpringestPage<T>> pages) : SpringestList<T>
    {
        public override IAsyncEnumerable<SpringestPage<T>> AsPages() => pages.ToAsyncEnumerable();

        public override IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
            => pages.SelectMany(page => page.Items).ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
    }
}
