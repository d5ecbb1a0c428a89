using System.Diagnostics;

namespace Springest.Testing;

public static class ProcessExtensions
{
    /// <summary>Runs a program to its end, and tells what it wrote.</summary>
    /// <param name="start">The program.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunToEndAsync(
        this ProcessStartInfo start, string input = "", CancellationToken cancellationToken = default)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) =
                (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

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
