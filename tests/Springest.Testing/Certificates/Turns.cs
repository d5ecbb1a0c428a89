using System.Globalization;
using System.Text;

namespace Springest.Testing.Certificates;

/// <summary>
/// Lets several pieces of work go on one request at a time, in an order that is drawn: whoever makes a request waits until it is his
/// turn, and nobody's turn comes before all others wait or are done. The same draw gives the same history, whatever the machine does.
/// </summary>
/// <param name="random">The draw.</param>
/// <param name="meanwhile">What may happen between two requests.</param>
internal sealed class Turns(Random random, Action meanwhile)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly AsyncLocal<int?> _work = new();

    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiting = [];
    private readonly StringBuilder _trace = new();
    private TaskCompletionSource? _still;
    private int _running;
    private int _made;

    /// <summary>Tells this history from every other one.</summary>
    public string Trace => _trace.ToString();

    /// <summary>Runs pieces of work to their ends, whatever these are.</summary>
    public async Task RunAsync(IReadOnlyList<Func<Task>> works)
    {
        var runs = new List<Task>();
        foreach (var work in works)
        {
            runs.Add(Start(_made++, work));
            await StillAsync();
        }

        while (Draw() is { } next)
        {
            next.Turn.SetResult();
            await StillAsync();
        }

        // All wait no more, unless one of them has made two requests at once, whose turns nobody can draw.
        await Task.WhenAll(runs).WaitAsync(Patience);
    }

    /// <summary>
    /// Waits for a turn. What no piece of work asks for does not wait. Whoever is told to give up does so when it is his turn: several at
    /// once would run side by side.
    /// </summary>
    public async Task PassAsync(string request, CancellationToken cancellationToken)
    {
        if (_work.Value is not { } work)
            return;
        var waiter = new Waiter(work, request);
        lock (_lock)
        {
            _waiting.Add(waiter);
            Rest();
        }

        await waiter.Turn.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private Task Start(int number, Func<Task> work)
    {
        lock (_lock)
            _running++;
        return Task.Run(async () =>
        {
            _work.Value = number;
            await work().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_lock)
                Rest();
        });
    }

    private Waiter? Draw()
    {
        meanwhile();
        lock (_lock)
        {
            if (_waiting.Count == 0)
                return null;
            // In the order of their work, since several may begin to wait in one turn.
            _waiting.Sort((one, other) => one.Work - other.Work);
            var next = _waiting[random.Next(_waiting.Count)];
            _waiting.Remove(next);
            _running++;
            _trace.Append(CultureInfo.InvariantCulture, $"{next.Work} {next.Request}\n");
            return next;
        }
    }

    private void Rest()
    {
        if (--_running < 0)
            throw new InvalidOperationException($"A piece of work makes several requests at once, after\n{Trace}");
        if (_running == 0)
            _still?.TrySetResult();
    }

    private Task StillAsync()
    {
        lock (_lock)
        {
            if (_running == 0)
                return Task.CompletedTask;
            _still = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return WaitAsync(_still.Task);
        }
    }

    // Whoever neither makes a request nor ends has got stuck.
    private async Task WaitAsync(Task still)
    {
        try
        {
            await still.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            lock (_lock)
                throw new TimeoutException($"Work got stuck after\n{string.Join('\n', Trace.Split('\n').TakeLast(12))}");
        }
    }

    private sealed record Waiter(int Work, string Request)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
