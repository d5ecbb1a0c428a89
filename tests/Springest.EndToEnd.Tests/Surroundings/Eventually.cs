namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>The one way to wait: looking, again and again, until it is so or patience ends.</summary>
internal static class Eventually
{
    /// <summary>Long, since nothing is lost by it where all is well.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // Looking keeps processors from what is awaited, so what takes long is looked at less often.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private const int PausesInWaiting = 8;

    /// <summary>Looks until there is something to see, and gives it.</summary>
    /// <param name="what">What is awaited, for the message.</param>
    /// <param name="look">Null as long as there is nothing.</param>
    /// <param name="patience">How long.</param>
    public static async Task<T> SeeAsync<T>(string what, Func<Task<T?>> look, TimeSpan? patience = null)
        where T : class
    {
        var cancellation = TestContext.Current.CancellationToken;
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < (patience ?? Patience))
        {
            if (await look() is { } seen)
                return seen;
            var pause = TimeProvider.System.GetElapsedTime(started) / PausesInWaiting;
            pause = pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause;
            await Task.Delay(pause, TimeProvider.System, cancellation);
        }

        throw new TimeoutException($"Not within {(patience ?? Patience).TotalSeconds} s: {what}.");
    }

    /// <summary>Looks until there is something to see, and gives it.</summary>
    public static Task<T> SeeAsync<T>(string what, Func<T?> look, TimeSpan? patience = null)
        where T : class
        => SeeAsync(what, () => Task.FromResult(look()), patience);

    /// <summary>Looks until it is so.</summary>
    public static Task BeAsync(string what, Func<Task<bool>> look, TimeSpan? patience = null)
        => SeeAsync(what, async () => await look() ? "so" : null, patience);

    /// <summary>Looks until it is so.</summary>
    public static Task BeAsync(string what, Func<bool> look, TimeSpan? patience = null)
        => BeAsync(what, () => Task.FromResult(look()), patience);
}
