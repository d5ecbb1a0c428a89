using Azure;
using Springest.Functions.Quota.Counter;

namespace Springest.Testing.Quota;

/// <summary>
/// Storage in virtual time: takes as long as it is told to, loses, delays and repeats requests and answers, and breaks down.
/// </summary>
internal sealed class VirtualStore(VirtualTime time, Random random) : IQuotaStore
{
    private bool _begun;
    private long _version;

    /// <summary>How long the way there takes, and the way back. Longer now and then.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The share of requests, and again of answers, that are lost; and of writes that the network repeats.</summary>
    public double Trouble { get; set; }

    /// <summary>How late a request may come if it is not lost altogether.</summary>
    public TimeSpan Longest { get; set; }

    public bool Down { get; set; }

    /// <summary>The entity; none if there is none.</summary>
    public StoredWindow? Stored { get; set; }

    public int Requests { get; private set; }

    /// <summary>When it was last said that there had never been an entity.</summary>
    public long LastNothing { get; private set; }

    public Task<(StoredWindow? Window, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
        => AnswerAsync(
            () =>
            {
                if (Stored is null && !_begun)
                    LastNothing = time.Now;
                return (Stored ?? (_begun ? new StoredWindow([], [], default, time.GetUtcNow()) : null), Date());
            },
            cancellationToken);

    public Task<bool> TryWriteAsync(SlidingWindow window, StoredWindow? read, CancellationToken cancellationToken)
        => TryWriteAsync(window, read, ofVersionBefore: false, cancellationToken);

    /// <param name="window">The new window.</param>
    /// <param name="read">The one that it was made from.</param>
    /// <param name="ofVersionBefore">Whether the version before this one writes it, which did not count webhooks apart.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    public Task<bool> TryWriteAsync(
        SlidingWindow window, StoredWindow? read, bool ofVersionBefore, CancellationToken cancellationToken)
        => AnswerAsync(
            () =>
            {
                var written = TryWrite(window, read, ofVersionBefore);
                // The network repeats it, and only the second answer comes back.
                return Strikes(Trouble) ? TryWrite(window, read, ofVersionBefore) : written;
            },
            cancellationToken);

    private bool TryWrite(SlidingWindow window, StoredWindow? read, bool ofVersionBefore)
    {
        if ((Stored?.ETag ?? default) != (read?.ETag ?? default))
            return false;
        var (ring, webhooks) = window.ToBytes();
        Stored = new StoredWindow(ring, ofVersionBefore ? [] : webhooks, new ETag($"{++_version}"), time.GetUtcNow());
        return _begun = true;
    }

    // What reaches it takes effect, whether or not somebody still waits for the answer.
    private Task<T> AnswerAsync<T>(Func<T> effect, CancellationToken cancellationToken)
    {
        Requests++;
        var answer = new TaskCompletionSource<T>(); // whoever waits goes on at once, on this thread
        cancellationToken.UnsafeRegister((_, token) => answer.TrySetCanceled(token), null);
        if (!Down && !Strikes(Trouble))
        {
            time.After(Travel(), () =>
            {
                var result = effect();
                if (!Down && !Strikes(Trouble))
                    time.After(Travel(), () => answer.TrySetResult(result));
            });
        }

        return answer.Task;
    }

    private long Travel()
        => Strikes(Trouble / 4) ? random.NextInt64(Longest.Ticks + 1) : random.NextInt64(Latency.Ticks / 2, Latency.Ticks * 3 / 2 + 1);

    private bool Strikes(double share) => share > 0 && random.NextDouble() < share;

    private DateTimeOffset Date() => new(time.Now - time.Now % TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
