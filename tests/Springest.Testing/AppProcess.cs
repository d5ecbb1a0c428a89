using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Springest.Testing;

/// <summary>One instance of the app: the local host as a process of its own, its output in a log file.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _log;

    private AppProcess(Process process, Uri address, string logFile, Task log) => (_process, Address, LogFile, _log) = (process, address, logFile, log);

    /// <summary>The local host, beside the program that starts it.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Springest.LocalHost.dll");

    public Uri Address { get; }

    public string LogFile { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The most memory that it had so far, in bytes.</summary>
    public long PeakMemory => Refreshed.PeakWorkingSet64;

    /// <summary>What it has used of the processors so far.</summary>
    public TimeSpan ProcessorTime => Refreshed.TotalProcessorTime;

    private Process Refreshed
    {
        get
        {
            _process.Refresh();
            return _process;
        }
    }

    /// <summary>Starts the app and waits until it listens.</summary>
    /// <param name="settings">As environment variables: levels separated by two underscores.</param>
    /// <param name="logFile">Where its output goes; an older file is overwritten.</param>
    /// <param name="port">Where it listens; 0 takes a free port.</param>
    /// <exception cref="InvalidOperationException">The app ended instead; the message is what it said.</exception>
    public static async Task<AppProcess> StartAsync(
        IReadOnlyDictionary<string, string> settings, string logFile, int port = 0, CancellationToken cancellationToken = default)
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
            return new AppProcess(process, await listening.Task, logFile, log);
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Ends it as a power failure would: no signal that it could hear, nothing finished, nothing given back.</summary>
    public void Kill() => _process.Kill();

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
        listening.TrySetException(new InvalidOperationException($"The app ended before it listened. {await errors}\nIts log is {logFile}."));
    }

    [GeneratedRegex(@"(?<address>http://127\.0\.0\.1:\d+/)")]
    private static partial Regex Listening();
}
