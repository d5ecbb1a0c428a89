using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>What a permit costs that is in hand already.</summary>
internal static class LocalGrants
{
    private const int Chunk = 40_000;

    public static void Run(Report report)
    {
        using var bucket = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = int.MaxValue, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromDays(1), AutoReplenishment = false,
        });
        var (ours, bytes, theirs) = (double.MaxValue, long.MaxValue, double.MaxValue);
        for (var round = 0; round < 60; round++)
        {
            var (nanoseconds, allocated) = Measure(Full());
            (ours, bytes) = (Math.Min(ours, nanoseconds), Math.Min(bytes, allocated));
            theirs = Math.Min(theirs, Measure(bucket).Nanoseconds);
        }

        report.AtMost(100, "a permit from the chunk in hand", ours, "ns");
        report.AtMost(0, "memory allocated for it", bytes / (double)Chunk, "bytes");
        report.Add("baseline: a permit from .NET's token bucket, of one process only", theirs, "ns");
    }

    private static (double Nanoseconds, long Allocated) Measure(RateLimiter limiter)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Chunk - 1; i++)
        {
            var lease = limiter.AcquireAsync();
            if (!lease.IsCompletedSuccessfully || !lease.Result.IsAcquired)
                throw new InvalidOperationException("There should be permits.");
        }

        return (Stopwatch.GetElapsedTime(started).TotalNanoseconds / (Chunk - 1), GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    // A limiter with a chunk in hand that lasts for the measurement.
    private static QuotaLimiter Full()
    {
        var options = new QuotaOptions { Limit = 65_000, ChunkSize = Chunk, SubmissionReserve = 0, WebhookReserve = 0 };
        var store = new VirtualStore(TimeProvider.System, new Random(1)) { LongestDelay = TimeSpan.Zero };
        var counter = new QuotaCounter("nl", store, new QuotaShape(options), TimeProvider.System, NullLogger.Instance);
        var limiter = new QuotaLimiter(new QuotaPool(SpringestKey.General, counter, options, TimeProvider.System, Random.Shared), QuotaClass.Submission);
        // A grant that is used up at once makes the next one twice as large.
        limiter.AcquireAsync(Chunk / 2).AsTask().Wait();
        limiter.AcquireAsync(1).AsTask().Wait();
        return limiter;
    }
}
