namespace Springest.Functions.Tests.Certificates;

internal static class Eventually
{
    /// <summary>Looks until there is something to see, for five minutes at most: a machine may be very busy.</summary>
    public static async Task<T> SeeAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        while (true)
        {
            if (await look() is { } seen)
                return seen;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Looks until it is so.</summary>
    public static Task BeAsync(Func<Task<bool>> look) => SeeAsync(async () => await look() ? "so" : null);
}
