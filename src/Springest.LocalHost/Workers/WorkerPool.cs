using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Springest.LocalHost.Protocol;
using Springest.LocalHost.Settings;

namespace Springest.LocalHost.Workers;

/// <summary>The workers of the app. One that dies is replaced; after too many deaths the host gives up.</summary>
/// <param name="settings">How many workers, and how many deaths.</param>
/// <param name="hostJson">The app's host.json.</param>
/// <param name="logs">Take what they say.</param>
internal sealed partial class WorkerPool(HostSettings settings, HostJson hostJson, ILoggerFactory logs) : IDisposable
{
    private static readonly TimeSpan DeathsForgotten = TimeSpan.FromMinutes(30);

    private readonly ILogger _log = logs.CreateLogger<WorkerPool>();
    private readonly ConcurrentDictionary<string, Worker> _workers = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Worker>> _groups = new();
    private readonly Queue<long> _deaths = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Two workers that start in one instant may choose the same port for their web servers.
    private readonly SemaphoreSlim _starting = new(1);
    private Func<Worker, CancellationToken, Task>? _start;

    /// <summary>Ends when the host gives up; its result says why.</summary>
    public Task<string> GivenUp => _givenUp.Task;

    /// <summary>Starts a worker, tells what it can run, and goes on to start those of other groups.</summary>
    /// <exception cref="HostException">The worker could not start.</exception>
    public async Task<IReadOnlyCollection<WorkerFunction>> StartAsync(
        PublishedApp app, Uri host, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        _start = (worker, token) => worker.StartAsync(app, host, environment, token);
        var first = await StartOneAsync(cancellationToken);
        var functions = first.Functions.Values.ToList();
        var groups = functions.Select(GroupOf).Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("").ToList();
        foreach (var group in groups)
            _groups[group] = NewWorker();
        _ = KeepAsync(groups[0], first);
        foreach (var group in groups.Skip(1))
            _ = KeepAsync(group, null);
        return functions;
    }

    /// <summary>The worker that a function runs in, or the next one if it has just died.</summary>
    /// <exception cref="WorkerException">There is none any more.</exception>
    public Task<Worker> ReadyAsync(WorkerFunction function, CancellationToken cancellationToken)
        => _groups[GroupOf(function)].Task.WaitAsync(cancellationToken);

    /// <summary>The conversation with a worker, by its id.</summary>
    public WorkerChannel? Find(string id) => _workers.GetValueOrDefault(id)?.Channel;

    /// <summary>Ends all workers.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers.Values.Select(worker => worker.StopAsync()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starting.Dispose();
        _stopping.Dispose();
    }

    private string GroupOf(WorkerFunction function) => settings.Workers is WorkerTopology.One ? "" : function.ScaleGroup;

    private async Task<Worker> StartOneAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        var worker = new Worker(settings, hostJson.FunctionTimeout, logs);
        _workers[worker.Id] = worker;
        try
        {
            await _start!(worker, cancellationToken);
            Log.Started(_log, worker.ProcessId);
            return worker;
        }
        catch
        {
            await RemoveAsync(worker);
            throw;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Keeps a group's worker alive.</summary>
    private async Task KeepAsync(string group, Worker? worker)
    {
        while (!_stopping.IsCancellationRequested)
            try
            {
                worker ??= await StartOneAsync(_stopping.Token);
                _groups[group].TrySetResult(worker);
                var code = await worker.Exited;
                if (_stopping.IsCancellationRequested)
                    return;
                // Whoever comes now waits for the next worker.
                _groups[group] = NewWorker();
                await RemoveAsync(worker);
                worker = null;
                Died($"ended with code {code}");
            }
            catch (HostException exception)
            {
                Died($"could not start. {exception.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    private void Died(string how)
    {
        Log.Died(_log, how);
        lock (_deaths)
        {
            while (_deaths.TryPeek(out var death) && TimeProvider.System.GetElapsedTime(death) > DeathsForgotten)
                _deaths.Dequeue();
            _deaths.Enqueue(TimeProvider.System.GetTimestamp());
            if (_deaths.Count <= settings.MaxRestarts)
                return;
        }

        _stopping.Cancel();
        _givenUp.TrySetResult($"Workers have ended {settings.MaxRestarts + 1} times within {DeathsForgotten.TotalMinutes} minutes. The last one {how}.");
        foreach (var waiting in _groups.Values)
            waiting.TrySetException(new WorkerException("There is no worker any more."));
    }

    private async Task RemoveAsync(Worker worker)
    {
        _workers.TryRemove(worker.Id, out _);
        await worker.DisposeAsync();
    }

    private static TaskCompletionSource<Worker> NewWorker() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Worker process {ProcessId} is ready.")]
        public static partial void Started(ILogger logger, int processId);

        [LoggerMessage(2, LogLevel.Error, "The worker {How}.")]
        public static partial void Died(ILogger logger, string how);
    }
}
