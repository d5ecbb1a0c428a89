using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost.Workers;

/// <summary>The process that a worker is.</summary>
internal sealed partial class WorkerProcess : IAsyncDisposable
{
    private const int MostHeld = 16 * 1024;

    private readonly Process _process;
    private readonly ILogger _console;
    private readonly StringBuilder _held = new();
    private bool _started;

    private WorkerProcess(Process process, ILogger console)
    {
        (_process, _console) = (process, console);
        process.OutputDataReceived += (_, line) => Write(LogLevel.Information, line.Data);
        process.ErrorDataReceived += (_, line) => Hold(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Exited = ExitAsync();
    }

    /// <summary>Of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Ends with the process; its result is the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it wrote to its error output while it started, without the places in code.</summary>
    public string Complaint
    {
        get
        {
            lock (_held)
            {
                var lines = _held.ToString().Split('\n').TakeWhile(line => !line.StartsWith("   at ", StringComparison.Ordinal));
                return Preamble().Replace(string.Join('\n', lines).Trim(), "");
            }
        }
    }

    /// <summary>Starts a worker that is to call the host at an address.</summary>
    /// <param name="app">What to run.</param>
    /// <param name="id">What it is to say who it is.</param>
    /// <param name="host">Where it finds the host.</param>
    /// <param name="settings">What it gets beside the host's own environment, by names with colons.</param>
    /// <param name="console">Takes what it writes to its console.</param>
    /// <exception cref="HostException">It cannot be started.</exception>
    public static WorkerProcess Start(PublishedApp app, string id, Uri host, IReadOnlyDictionary<string, string?> settings, ILogger console)
    {
        var most = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(app.Executable,
        [
            // Twice: by the names of old and of new worker packages.
            app.Program, "--host", host.Host, "--port", $"{host.Port}", "--workerId", id, "--requestId", id, "--grpcMaxMessageLength", most,
            "--functions-uri", $"{host}", "--functions-worker-id", id, "--functions-request-id", id, "--functions-grpc-max-message-length", most,
        ])
        {
            WorkingDirectory = app.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment.TryAdd(name.Replace(":", "__", StringComparison.Ordinal), value);
        // Meant for the host: its keys, and where a web server is to listen.
        foreach (var name in start.Environment.Keys.Where(IsOfTheHost).ToList())
            start.Environment.Remove(name);
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        try
        {
            return new(Process.Start(start)!, console);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new HostException($"The worker cannot be started: {app.Executable}. {exception.Message}", exception);
        }
    }

    /// <summary>From here on the error output goes to the log too.</summary>
    public void HasStarted()
    {
        lock (_held)
        {
            _started = true;
            foreach (var line in _held.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Write(LogLevel.Error, line);
            _held.Clear();
        }
    }

    /// <summary>Ends it without asking.</summary>
    public void Kill()
    {
        if (!Exited.IsCompleted)
            _process.Kill(entireProcessTree: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        _process.Dispose();
    }

    private static bool IsOfTheHost(string name)
        => name.StartsWith("LocalHost__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Hold(string? line)
    {
        lock (_held)
        {
            if (_started)
                Write(LogLevel.Error, line);
            else if (_held.Length < MostHeld)
                _held.Append(line).Append('\n');
        }
    }

    private void Write(LogLevel level, string? line)
    {
        if (!string.IsNullOrEmpty(line))
            Log.Line(_console, level, line);
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^Unhandled exception\. [\w.+`]+: ")]
    private static partial System.Text.RegularExpressions.Regex Preamble();

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Line}")]
        public static partial void Line(ILogger logger, LogLevel level, string line);
    }
}
