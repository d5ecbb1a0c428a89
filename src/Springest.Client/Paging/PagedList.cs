using System.Runtime.CompilerServices;

namespace Springest.Client;

/// <summary>A list behind a function that fetches one page of it, by the rules of paging (docs/springest-api.md, section 4.1).</summary>
internal sealed class PagedList<T>(
    Func<int, int, CancellationToken, Task<SpringestPage<T>>> fetch, Func<T, long?> idOf, ListOptions options,
    Func<string, bool, SpringestException> endless)
    : SpringestList<T>
{
    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var seen = new HashSet<long>();
        await foreach (var page in Pages(cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.Items)
            {
                if (idOf(item) is not { } id || seen.Add(id))
                    yield return item;
            }
        }
    }

    public override IAsyncEnumerable<SpringestPage<T>> AsPages() => Pages(CancellationToken.None);

    private async IAsyncEnumerable<SpringestPage<T>> Pages([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = new PageEnumerator<T>(fetch, idOf, options, endless, cancellationToken);
        await using (pages.ConfigureAwait(false))
        {
            while (await pages.NextAsync().ConfigureAwait(false) is { } page)
                yield return page;
        }
    }
}
