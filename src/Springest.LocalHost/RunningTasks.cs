using System.Collections.Concurrent;

namespace Springest.LocalHost;

/// <summary>Tasks that nobody awaits where they start, so that a clean stop can.</summary>
internal sealed class RunningTasks
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = [];

    public void Add(Task task)
    {
        _tasks[task] = true;
        task.ContinueWith(ended => _tasks.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends when no task is left, those included that were added meanwhile.</summary>
    public async Task WhenAllEnded()
    {
        while (!_tasks.IsEmpty)
            await Task.WhenAll(_tasks.Keys);
    }
}
