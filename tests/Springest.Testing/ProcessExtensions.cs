using System.Diagnostics;

namespace Springest.Testing;

public static class ProcessExtensions
{
    /// <summary>Asks a process to end, as Ctrl-C would; where the system cannot ask, it is ended.</summary>
    public static void Terminate(this Process process)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            process.Kill(entireProcessTree: true);
        else
            process.Send("TERM");
    }

    /// <summary>Sends a signal; not on Windows, which has none.</summary>
    public static void Send(this Process process, string signal)
        // It may have ended meanwhile; what is said of that interests nobody.
        => Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{process.Id}"]) { RedirectStandardError = true })!.Dispose();

    /// <summary>Asks a process to end, and ends it if it has not done so in time; without patience it is not asked.</summary>
    public static async Task EndAsync(this Process process, TimeSpan patience)
    {
        if (patience == TimeSpan.Zero)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            return;
        }

        using var end = new CancellationTokenSource(patience);
        try
        {
            process.Terminate();
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
