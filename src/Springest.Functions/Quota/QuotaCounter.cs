using Azure;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Quota;

/// <summary>The shared ring of one site and key as one instance uses it: read, apply the rules, write back. One exchange at a time.</summary>
internal sealed partial class QuotaCounter(string site, IQuotaStore store, QuotaShape shape, TimeProvider time, ILogger logger)
{
    // Short enough that a store that hangs and comes back is noticed within seconds.
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(3);

    private readonly StoreClock _clock = new();
    private bool _seen;
    private bool _unreachable;

    /// <summary>The local monotonic time, in ticks.</summary>
    public long Now => time.GetElapsedTime(0).Ticks;

    public string Site => site;

    /// <summary>The ring as it is, to look at.</summary>
    public async Task<(QuotaRing Ring, StoreTime Now)> LookAsync(CancellationToken cancellationToken)
    {
        var sent = Now;
        var (stored, _, date) = await store.ReadAsync(cancellationToken);
        var clock = new StoreClock();
        clock.Observe(sent, Now, date);
        var now = clock.At(Now);
        var ring = stored is null ? QuotaRing.Empty(shape, now) : QuotaRing.Read(stored, shape, now) ?? QuotaRing.Full(shape, now);
        return (ring, now);
    }

    public async Task<QuotaReply> ExchangeAsync(QuotaRequest request)
    {
        using var patience = new CancellationTokenSource(StoreTimeout, time);
        var writing = false;
        try
        {
            var (stored, etag) = await ReadAsync(patience.Token);
            var asked = Now;
            var now = _clock.At(asked);
            var ring = Open(stored, now, out var fresh);
            var outcome = ring.Exchange(request, now);
            if (!fresh && ReferenceEquals(ring, outcome.Ring))
                return new QuotaReply(QuotaResult.Unchanged, outcome, asked);

            writing = true;
            if (await store.TryWriteAsync(outcome.Ring.ToBytes(), etag, patience.Token) is not { } date)
                return new QuotaReply(QuotaResult.Conflict);
            _clock.Observe(asked, Now, date);
            return new QuotaReply(QuotaResult.Written, outcome, asked);
        }
        catch (Exception e) // whatever it was: without a written ring there is no grant
        {
            if (!_unreachable)
                Log.Unreachable(logger, e, site);
            _unreachable = true;
            return new QuotaReply(writing ? QuotaResult.Unknown : QuotaResult.Unreachable);
        }
    }

    private async Task<(byte[]? Ring, ETag ETag)> ReadAsync(CancellationToken cancellationToken)
    {
        var sent = Now;
        var (ring, etag, date) = await store.ReadAsync(cancellationToken);
        _clock.Observe(sent, Now, date);
        if (_unreachable)
            Log.Reachable(logger, site);
        _unreachable = false;
        return (ring, etag);
    }

    // No entity is a quota never used; but an entity that is gone or not readable hides grants, so all may have been granted.
    private QuotaRing Open(byte[]? stored, StoreTime now, out bool fresh)
    {
        var ring = stored is null ? null : QuotaRing.Read(stored, shape, now);
        fresh = ring is null;
        if (fresh && (stored is not null || _seen))
        {
            Log.Corrupt(logger, site, TimeSpan.FromTicks(shape.Hold));
            ring = QuotaRing.Full(shape, now);
        }

        _seen = true;
        return ring ?? QuotaRing.Empty(shape, now);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The quota of site {Site} is not readable in storage. It counts as used up and renews itself within {Hold}.")]
        public static partial void Corrupt(ILogger logger, string site, TimeSpan hold);

        [LoggerMessage(LogLevel.Warning, "The quota of site {Site} cannot be asked for permits; requests wait until storage answers.")]
        public static partial void Unreachable(ILogger logger, Exception exception, string site);

        [LoggerMessage(LogLevel.Information, "The quota of site {Site} can be asked for permits again.")]
        public static partial void Reachable(ILogger logger, string site);
    }
}
