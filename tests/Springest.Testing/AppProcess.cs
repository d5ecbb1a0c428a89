using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Springest.Testing;

/// <summary>One instance of the app: the local host as a process of its own with the published worker, its output in a log file.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Output _output;

    private AppProcess(Process process, Output output, string logFile) => (_process, _output, LogFile) = (process, output, logFile);

    /// <summary>The local host, as it is built beside the program that starts it.</summary>
    public static string Program => Repository.Program("Springest.LocalHost");

    /// <summary>The published worker, as it is deployed.</summary>
    public static string Worker => Repository.Published("Springest.Functions");

    public Uri Address => _output.Listening.Task.Result;

    public string LogFile { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; only when it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The process of its newest worker.</summary>
    public int WorkerId => _output.WorkerIds[^1];

    /// <summary>The most memory that its worker had so far, in bytes. Where the app is, there its memory is.</summary>
    public long PeakMemory => OfWorker(worker => worker.PeakWorkingSet64);

    /// <summary>What its worker has used of the processors so far.</summary>
    public TimeSpan ProcessorTime => OfWorker(worker => worker.TotalProcessorTime);

    /// <summary>Starts the app and waits until it listens.</summary>
    /// <param name="settings">As environment variables: levels separated by two underscores. <c>LocalHost__App</c> names another app than
    /// this one.</param>
    /// <param name="logFile">Where its output goes; an older file is overwritten.</param>
    /// <param name="port">Where it listens; 0 takes a free port.</param>
    /// <exception cref="StartException">The app ended instead; the message is what it said.</exception>
    public static async Task<AppProcess> StartAsync(
        IReadOnlyDictionary<string, string> settings, string logFile, int port = 0, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--port", $"{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // An app has the memory that it has elsewhere, whatever its tests have.
        start.Environment.Remove("DOTNET_GCgen0size");
        start.Environment["LocalHost__App"] = Worker;
        // Instances of an app share locks, schedules and the queue of blobs; tests that share an account must not.
        if (settings.GetValueOrDefault("Springest__Storage__Prefix") is { Length: > 0 } prefix)
            start.Environment["AzureFunctionsWebHost__hostid"] = prefix.ToLowerInvariant();
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        var output = new Output(process, logFile);
        await using var _ = cancellationToken.Register(() => output.Listening.TrySetCanceled(cancellationToken));
        try
        {
            await output.Listening.Task;
            return new AppProcess(process, output, logFile);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            // Waits until the log is complete, so that the caller can delete it.
            await output.Completion;
            throw;
        }
    }

    /// <summary>
    /// Ends host and worker as a power failure would: no signal that they could hear, nothing finished, nothing given back.
    /// </summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Ends the worker as a crash would. The host starts another.</summary>
    public void KillWorker() => OfWorker(worker =>
    {
        worker.Kill();
        return true;
    });

    /// <summary>Asks it to end, as a stopping platform does, and waits until it has.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken = default)
    {
        _process.Terminate();
        return ExitAsync(cancellationToken);
    }

    /// <summary>Interrupts it, as Ctrl-C does.</summary>
    public void Interrupt() => _process.Send("INT");

    /// <summary>Waits until it has ended and its log is whole.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _output.Completion.WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line of its output that contains a text, from the beginning on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">How many such lines.</param>
    /// <exception cref="StartException">It ended without such a line.</exception>
    public Task<IReadOnlyList<string>> WaitForLinesAsync(string text, int count = 1, CancellationToken cancellationToken = default)
        => _output.WaitForAsync(text, count, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync(TimeSpan.FromSeconds(20));
        await _output.Completion;
        _process.Dispose();
    }

    private T OfWorker<T>(Func<Process, T> look)
    {
        using var worker = Process.GetProcessById(WorkerId);
        return look(worker);
    }

    /// <summary>What the process writes: kept, and written to its log file.</summary>
    private sealed partial class Output
    {
        private readonly List<string> _lines = [];
        private readonly string _logFile;
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Output(Process process, string logFile)
        {
            _logFile = logFile;
            Completion = ReadAsync(process);
        }

        public TaskCompletionSource<Uri> Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> WorkerIds { get; } = [];

        public Task Completion { get; }

        public async Task<IReadOnlyList<string>> WaitForAsync(string text, int count, CancellationToken cancellationToken)
        {
            var (found, seen) = (new List<string>(), 0);
            while (true)
            {
                Task more;
                lock (_lines)
                {
                    found.AddRange(_lines.Skip(seen).Where(line => line.Contains(text, StringComparison.Ordinal)));
                    seen = _lines.Count;
                    if (found.Count >= count)
                        return found;
                    if (Completion.IsCompleted)
                        throw new StartException(
                            $"The app ended with {found.Count} and not {count} lines that say '{text}'. Its log is {_logFile}.");
                    more = _more.Task;
                }

                await Task.WhenAny(more, Completion).WaitAsync(cancellationToken);
            }
        }

        private async Task ReadAsync(Process process)
        {
            await using var file = File.CreateText(_logFile);
            file.AutoFlush = true;
            var errors = process.StandardError.ReadToEndAsync();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                await file.WriteLineAsync(line);
                Add(line);
            }

            await file.WriteAsync(await errors);
            Listening.TrySetException(new StartException($"The app ended before it listened. {await errors}\nIts log is {_logFile}."));
        }

        private void Add(string line)
        {
            if (ReadyWorker().Match(line) is { Success: true } ready)
                WorkerIds.Add(int.Parse(ready.Groups["id"].Value, CultureInfo.InvariantCulture));
            if (Listens().Match(line) is { Success: true } listens)
                Listening.TrySetResult(new Uri(listens.Groups["address"].Value));
            lock (_lines)
            {
                _lines.Add(line);
                _more.TrySetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        [GeneratedRegex(@"^The app listens at (?<address>http://127\.0\.0\.1:\d+/)")]
        private static partial Regex Listens();

        [GeneratedRegex(@"Worker process (?<id>\d+) is ready")]
        private static partial Regex ReadyWorker();
    }
}
