namespace Springest.Functions.Storage;

internal static class AsyncEnumerableExtensions
{
    /// <summary>Reads the first answer of storage now, so that it fails here if it fails, and the others as they are asked for.</summary>
    public static async Task<IAsyncEnumerable<T>> BeginAsync<T>(this IAsyncEnumerable<T> answers, CancellationToken cancellationToken)
    {
        var reading = answers.GetAsyncEnumerator(cancellationToken);
        var any = await reading.MoveNextAsync();
        return AllAsync();

        async IAsyncEnumerable<T> AllAsync()
        {
            await using (reading)
            {
                for (; any; any = await reading.MoveNextAsync())
                    yield return reading.Current;
            }
        }
    }
}
