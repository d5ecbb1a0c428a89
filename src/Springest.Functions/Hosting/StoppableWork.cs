using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Springest.Functions.Hosting;

/// <summary>
/// Work that has come to an end, or is put down, by the time the process ends. To be stopped is an ordinary end of it, no failure. The
/// platform gives a process five seconds.
/// </summary>
public sealed class StoppableWork(TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>
    /// How long what has begun may go on after the word to stop. The rest of the five seconds is for writing down how far it came.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Does the work of an execution, or what goes on after its answer.</summary>
    /// <param name="work">
    /// Begins nothing new once its first token is cancelled, which is the word to stop, and waits for nothing any more once its second is,
    /// <see cref="Grace"/> later.
    /// </param>
    /// <param name="cancellationToken">The execution's own. The host cancels it before it ends the process, and if the execution takes too
    /// long.</param>
    public async Task RunAsync(Func<CancellationToken, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[done.Task] = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = stop.Token.Register(() => end.CancelAfter(Grace));
        try
        {
            await work(stop.Token, end.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Put down. Whoever goes on begins where it has written down that it stood.
        }
        finally
        {
            _running.TryRemove(done.Task, out _);
            done.SetResult();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Has all put down, and waits for it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();
}
