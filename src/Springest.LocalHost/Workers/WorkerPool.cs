using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Springest.LocalHost.Workers;

/// <summary>The workers of the app. One that dies is replaced; after too many deaths the host gives up.</summary>
internal sealed partial class WorkerPool(PublishedApp app, HostSettings settings, ILoggerFactory logs) : IDisposable
{
    private readonly ILogger _log = logs.CreateLogger<WorkerPool>();
    private readonly ConcurrentDictionary<string, Worker> _workers = new();
    private readonly ConcurrentDictionary<string, Task<Worker>> _groups = new();
    private readonly SlidingWindowRateLimiter _restarts = new(new()
    {
        PermitLimit = settings.MaxRestarts, Window = TimeSpan.FromMinutes(30), SegmentsPerWindow = 30,
    });

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Two workers that start in one instant may choose the same port for their web servers.
    private readonly SemaphoreSlim _starting = new(1);

    /// <summary>Ends when the host gives up; its result says why.</summary>
    public Task<string> GivenUp => _givenUp.Task;

    /// <summary>Starts a worker that is to call at an address, tells what it can run, and goes on to start those of other groups.</summary>
    public async Task<IReadOnlyCollection<WorkerFunction>> StartAsync(Uri host, CancellationToken cancellationToken)
    {
        var first = StartOneAsync(host, cancellationToken);
        var functions = (await first).Functions.Values.ToList();
        foreach (var (i, group) in functions.Select(GroupOf).Distinct().Index())
            _ = KeepAsync(group, host, i == 0 ? first : StartOneAsync(host, _stopping.Token));
        return functions;
    }

    /// <summary>The worker that a function runs in, or the next one if it has just died.</summary>
    public Task<Worker> ReadyAsync(WorkerFunction function, CancellationToken cancellationToken)
        => _groups[GroupOf(function)].WaitAsync(cancellationToken);

    public Worker? Find(string id) => _workers.GetValueOrDefault(id);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers.Values.Select(worker => worker.StopAsync()));
    }

    public void Dispose()
    {
        _starting.Dispose();
        _stopping.Dispose();
        _restarts.Dispose();
    }

    private string GroupOf(WorkerFunction function) => settings.Workers is WorkerTopology.One ? "" : function.ScaleGroup;

    private async Task<Worker> StartOneAsync(Uri host, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            var worker = new Worker(app, settings, logs);
            _workers[worker.Id] = worker;
            await worker.StartAsync(host, cancellationToken);
            Log.Started(_log, worker.ProcessId);
            return worker;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Keeps a group's worker alive.</summary>
    private async Task KeepAsync(string group, Uri host, Task<Worker> starting)
    {
        for (string how; ; starting = StartOneAsync(host, _stopping.Token))
        {
            _groups[group] = starting;
            try
            {
                how = $"ended with code {await (await starting).Exited}";
            }
            catch (HostException exception)
            {
                how = $"could not start. {exception.Message}";
            }

            if (_stopping.IsCancellationRequested)
                return;
            Log.Died(_log, how);
            if (!_restarts.AttemptAcquire().IsAcquired)
            {
                _givenUp.TrySetResult($"Workers ended more than {settings.MaxRestarts} times within 30 minutes. The last one {how}.");
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Worker process {ProcessId} is ready")]
        public static partial void Started(ILogger logger, int processId);

        [LoggerMessage(2, LogLevel.Error, "The worker {How}")]
        public static partial void Died(ILogger logger, string how);
    }
}
