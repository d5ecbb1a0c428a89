using System.Runtime.CompilerServices;

namespace Azure.Data.Tables.Wire;

/// <summary>Pages that are fetched one by one, each with the token that the one before it ended with.</summary>
internal sealed class TablePageable<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> fetch, CancellationToken cancellationToken)
    : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        => Enumerate(continuationToken, pageSizeHint, CancellationToken);

    private async IAsyncEnumerable<Page<T>> Enumerate(
        string? token, int? pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await fetch(token, pageSize, cancellationToken).ConfigureAwait(false);
            yield return page;
            token = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(token));
    }
}
