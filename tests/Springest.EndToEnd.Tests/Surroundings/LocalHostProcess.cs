using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>One instance of the app: the local host as a process, its workers below it, and what it says.</summary>
public sealed partial class LocalHostProcess : IAsyncDisposable
{
    private static int _count;

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly StreamWriter _file;
    private readonly Task _reading;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalHostProcess(Process process, string name)
    {
        _process = process;
        _file = File.CreateText(Path.Combine(Repository.Logs, $"{name}-{Interlocked.Increment(ref _count)}.log"));
        _file.AutoFlush = true;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything that it has said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>The process ids of its workers.</summary>
    public async Task<IReadOnlyList<int>> WorkersAsync()
    {
        using var pgrep = Process.Start(new ProcessStartInfo("pgrep", ["-P", $"{Id}"]) { RedirectStandardOutput = true })!;
        var said = await pgrep.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    /// <summary>How often a function has begun to run in this instance.</summary>
    public int Runs(string function) => Regex.Count(Said, $@"Executing '(Host\.)?Functions\.{function}'");

    /// <summary>Starts an instance and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message is what it said.</exception>
    public static async Task<LocalHostProcess> StartAsync(string name, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Springest.LocalHost"), "--port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Logs,
        };
        foreach (var (setting, value) in settings)
            start.Environment[setting] = value;
        var instance = new LocalHostProcess(Process.Start(start)!, name);
        try
        {
            instance.Address = await instance._listening.Task.WaitAsync(Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to end, as the platform does, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        _process.Terminate();
        return await ExitAsync();
    }

    /// <summary>Ends it as a power failure would, its workers with it.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TimeProvider.System);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await _process.EndAsync(TimeSpan.FromSeconds(20));
        await _reading;
        await _file.DisposeAsync();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.Append(line).Append('\n');
                _file.WriteLine(line);
            }

            if (Listening().Match(line) is { Success: true } match)
                _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }

        if (reader == _process.StandardOutput)
            _listening.TrySetException(new InvalidOperationException($"The local host ended before it listened. It said:\n{Said}"));
    }

    [GeneratedRegex(@"listens at (?<address>http://127\.0\.0\.1:\d+/)")]
    private static partial Regex Listening();
}
