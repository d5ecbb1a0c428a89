using System.Diagnostics;
using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.Demo;

/// <summary>One instance of the app: the local host as a process of its own, its output in a log file.</summary>
internal sealed partial class AppInstance : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _log;

    private AppInstance(Process process, Uri address, string logFile, Task log) => (_process, Address, LogFile, _log) = (process, address, logFile, log);

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Springest.LocalHost.dll");

    public Uri Address { get; }

    public string LogFile { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the app and waits until it listens.</summary>
    /// <exception cref="Stop">It ended instead; the message is what it said.</exception>
    public static async Task<AppInstance> StartAsync(
        IReadOnlyDictionary<string, string> settings, string logFile, int port, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--port", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = LogAsync(process, logFile, listening);
        await using var _ = cancellationToken.Register(() => listening.TrySetCanceled(cancellationToken));
        try
        {
            return new AppInstance(process, await listening.Task, logFile, log);
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync(TimeSpan.FromSeconds(10));
        await _log;
        _process.Dispose();
    }

    private static async Task LogAsync(Process process, string logFile, TaskCompletionSource<Uri> listening)
    {
        await using var file = File.CreateText(logFile);
        file.AutoFlush = true;
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            await file.WriteLineAsync(line);
            if (Listening().Match(line) is { Success: true } match)
                listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }

        await file.WriteAsync(await errors);
        listening.TrySetException(new Stop($"The app ended before it listened. {await errors}\nIts log is {logFile}."));
    }

    [GeneratedRegex(@"(?<address>http://127\.0\.0\.1:\d+/)")]
    private static partial Regex Listening();
}
