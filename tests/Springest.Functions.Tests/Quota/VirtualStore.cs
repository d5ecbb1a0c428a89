using Azure;
using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>Storage in virtual time: takes as long as it is told to, loses requests and answers, and breaks down.</summary>
internal sealed class VirtualStore(TimeProvider time, Random random) : IQuotaStore
{
    private byte[]? _ring;
    private long _version;

    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The share of requests, and again of answers, that are lost.</summary>
    public double Loss { get; set; }

    public bool Down { get; set; }

    public int Reads { get; private set; }

    public int Writes { get; private set; }

    /// <summary>What the stored ring counts now.</summary>
    public int Counted(QuotaShape shape)
    {
        var now = new StoreTime(time.GetUtcNow().UtcTicks, time.GetUtcNow().UtcTicks);
        return _ring is null ? 0 : QuotaRing.Read(_ring, shape, now)!.Used(now);
    }

    public async Task<(byte[]? Ring, ETag ETag, DateTimeOffset Date)> ReadAsync(CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        Reads++;
        var answer = (_ring, _ring is null ? default : new ETag($"{_version}"), Date());
        await TravelAsync(cancellationToken);
        return answer;
    }

    public async Task<DateTimeOffset?> TryWriteAsync(byte[] ring, ETag etag, CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        Writes++;
        var matches = etag == (_ring is null ? default : new ETag($"{_version}"));
        if (matches)
            (_ring, _version) = (ring, _version + 1);
        var date = Date();
        await TravelAsync(cancellationToken);
        // Now and then the network repeats a write, and only the second answer comes back.
        return matches && random.NextDouble() >= Loss ? date : null;
    }

    // What completes here goes on at once, on the thread that moves the time: Task.Delay would go on elsewhere when cancelled.
    private Task TravelAsync(CancellationToken cancellationToken)
    {
        if (Down || random.NextDouble() < Loss)
        {
            var lost = new TaskCompletionSource();
            cancellationToken.UnsafeRegister((_, token) => lost.TrySetCanceled(token), null);
            return lost.Task;
        }

        return Task.Delay(TimeSpan.FromTicks(random.NextInt64(LongestDelay.Ticks / 4, LongestDelay.Ticks + 1)), time, CancellationToken.None);
    }

    private DateTimeOffset Date()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond));
    }
}
