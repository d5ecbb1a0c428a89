namespace Springest.Client;

/// <summary>
/// A list of the API, fetched while it is read. Enumerate it for the items (each id once), or <see cref="AsPages"/> for
/// the answers as they came. Every enumeration starts anew.
/// </summary>
public abstract class SpringestList<T> : IAsyncEnumerable<T>
{
    /// <summary>The answers in order of their offsets, repeated items included.</summary>
    public abstract IAsyncEnumerable<SpringestPage<T>> AsPages();

    /// <inheritdoc />
    public abstract IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default);
}
