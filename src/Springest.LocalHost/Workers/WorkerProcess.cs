using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Springest.LocalHost.Workers;

/// <summary>The process that a worker is.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private const int MostHeld = 16 * 1024;
    private readonly Process _process;
    private readonly StringBuilder _complaint = new();

    private WorkerProcess(Process process, ILogger console)
    {
        _process = process;
        Id = process.Id;
        process.OutputDataReceived += (_, line) => Log.Console(console, LogLevel.Information, line.Data);
        process.ErrorDataReceived += (_, line) => Complain(console, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Exited = ExitAsync();
    }

    public int Id { get; }

    /// <summary>Ends with the process; its result is the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it wrote to its error output before it ended.</summary>
    public string Complaint => _complaint.ToString().Trim();

    /// <summary>Starts a worker that is to call the host at an address.</summary>
    public static WorkerProcess Start(PublishedApp app, string id, Uri host, ILogger console)
    {
        var most = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(app.Executable,
        [
            // Twice: by the names of old and of new worker packages.
            app.Program, "--host", host.Host, "--port", $"{host.Port}", "--workerId", id, "--requestId", id, "--grpcMaxMessageLength", most,
            "--functions-uri", $"{host}", "--functions-worker-id", id, "--functions-request-id", id, "--functions-grpc-max-message-length", most,
        ])
        { WorkingDirectory = app.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in app.Settings.AsEnumerable().Where(setting => setting.Value is not null))
            start.Environment.TryAdd(name.Replace(":", "__", StringComparison.Ordinal), value);
        // Meant for the host: its keys, and where a web server is to listen.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LocalHost__", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        // As Core Tools say it, unless a test of what Azure does says otherwise.
        start.Environment.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        try
        {
            return new(Process.Start(start)!, console);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new HostException($"The worker cannot be started: {app.Executable}. {exception.Message}", exception);
        }
    }

    public void Kill()
    {
        if (!Exited.IsCompleted)
            _process.Kill(entireProcessTree: true);
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Complain(ILogger console, string? line)
    {
        Log.Console(console, LogLevel.Error, line);
        if (_complaint.Length < MostHeld)
            _complaint.AppendLine(line);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Line}")]
        public static partial void Console(ILogger logger, LogLevel level, string? line);
    }
}
