using Azure;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Quota;

/// <summary>The shared ring of one site and key, as one instance uses it: reads it, applies the rules, writes it back. One request at a time.</summary>
internal sealed partial class QuotaCounter(QuotaStore store, QuotaShape shape, TimeProvider time, ILogger logger)
{
    // Short enough that a store that comes back after hanging is noticed within seconds.
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(3);

    private readonly StoreClock _clock = new();
    private bool _seen;

    public string Site => store.Site;

    /// <summary>The local monotonic time, in ticks.</summary>
    public long Now => time.GetElapsedTime(0).Ticks;

    public async Task<QuotaReply> ExchangeAsync(QuotaRequest request)
    {
        using var patience = new CancellationTokenSource(StoreTimeout, time);
        var writing = false;
        try
        {
            var (stored, etag) = await ReadAsync(patience.Token);
            var asked = Now;
            var now = _clock.At(asked);
            var ring = Open(stored, now) ?? Replace(now);
            var outcome = ring.Exchange(request, now);
            if (stored is not null && ReferenceEquals(ring, outcome.Ring) && !_replaced)
                return new QuotaReply(QuotaResult.Unchanged, outcome, asked);

            writing = true;
            var sent = Now;
            if (await store.TryWriteAsync(outcome.Ring.ToBytes(), etag, patience.Token) is not { } date)
                return new QuotaReply(QuotaResult.Conflict);
            _clock.Observe(sent, Now, date);
            return new QuotaReply(QuotaResult.Written, outcome, asked);
        }
        catch (Exception e) // whatever went wrong: without a written ring there is no grant
        {
            Log.Unreachable(logger, e, store.Site);
            return new QuotaReply(writing ? QuotaResult.Unknown : QuotaResult.Unreachable);
        }
    }
}
