using Springest.Testing;

namespace Springest.Tools.Demo;

/// <summary>Notices when what the demo stands on gives way.</summary>
internal static class Surroundings
{
    private const long LeastFreeBytes = 32 * 1024 * 1024;

    /// <summary>Does the work, unless the surroundings break down first.</summary>
    /// <exception cref="UserErrorException">They broke down; the message says what, and what to do.</exception>
    public static async Task WhileSoundAsync(
        DemoFolder folder,
        Azurite azurite,
        IReadOnlyList<AppProcess> instances,
        Func<CancellationToken, Task> work,
        CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(ending.Token);
        var watching = WatchAsync(folder, azurite, instances, ending.Token);
        var first = await Task.WhenAny(working, watching);
        await ending.CancelAsync();
        await Task.WhenAll(working, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Ctrl-C reaches the app's instances as well: that they end then is no breakdown.
        cancellationToken.ThrowIfCancellationRequested();
        await first;
    }

    private static async Task WatchAsync(
        DemoFolder folder,
        Azurite azurite,
        IReadOnlyList<AppProcess> instances,
        CancellationToken cancellationToken)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var drive = new DriveInfo(folder.Root);
        do
        {
            if (drive.AvailableFreeSpace < LeastFreeBytes)
                throw new UserErrorException(
                    $"The disk that holds {folder.Root} is full. Free some space, or give another folder by --data.");
            if (azurite.HasExited)
                throw new UserErrorException(
                    $"Azurite, the storage emulator, has ended.{(folder.Storage is { } data ? $" Its data is in {data}." : "")}");
            if (instances.FirstOrDefault(instance => instance.HasExited) is { } ended)
                throw new UserErrorException($"An instance of the app has ended. Its log is {ended.LogFile}.");
        }
        while (await beat.WaitForNextTickAsync(cancellationToken));
    }
}
