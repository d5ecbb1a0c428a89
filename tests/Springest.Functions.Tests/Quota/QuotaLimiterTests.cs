using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Quota;

/// <summary>The quota as a limiter: who gets a permit, who waits, and what the others are told.</summary>
public sealed class QuotaLimiterTests(AzuriteFixture azurite) : QuotaTests(azurite)
{
    [Fact]
    public async Task A_class_leaves_what_is_reserved_for_those_before_it()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 30, TimeSpan.FromHours(1));
            (options.SubmissionReserve, options.WebhookReserve, options.ChunkSize) = (5, 10, 4);
        });

        Assert.Equal(15, await CountAsync(instance.Limiter(QuotaClass.Catalogue)));
        Assert.Equal(10, await CountAsync(instance.Limiter(QuotaClass.Webhook)));
        Assert.Equal(5, await CountAsync(instance.Limiter(QuotaClass.Submission)));
    }

    [Fact]
    public async Task Permits_taken_from_a_reserve_are_not_for_those_it_is_kept_from()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 30, TimeSpan.FromHours(1));
            (options.SubmissionReserve, options.WebhookReserve) = (10, 5);
            (options.GrantLife, options.NetworkSlack) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        });
        Assert.Equal(15, await CountAsync(instance.Limiter(QuotaClass.Catalogue)));
        // Used one after the other, so that the grants grow: one, two, four, of which three stay in hand.
        for (var i = 0; i < 4; i++)
            Assert.True((await instance.Limiter(QuotaClass.Submission).AcquireAsync(1, Cancelled)).IsAcquired);

        using var crawl = instance.Limiter(QuotaClass.Catalogue).AttemptAcquire();
        using var submission = instance.Limiter(QuotaClass.Submission).AttemptAcquire();

        Assert.False(crawl.IsAcquired);
        Assert.True(submission.IsAcquired);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_had_says_when_and_why_at_once()
    {
        var limiter = Start(options => Scale(options, limit: 3, TimeSpan.FromMinutes(30))).Limiter();
        Assert.Equal(3, await CountAsync(limiter));

        using var lease = await limiter.AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.True(lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(31));
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.Equal("The quota is used up.", reason);
    }

    [Fact]
    public async Task Whether_there_is_a_permit_can_be_asked_without_taking_it()
    {
        var limiter = Start(options => Scale(options, limit: 1, TimeSpan.FromMinutes(30))).Limiter();

        Assert.True((await limiter.AcquireAsync(0, Cancelled)).IsAcquired);
        Assert.True((await limiter.AcquireAsync(0, Cancelled)).IsAcquired);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        Assert.False((await limiter.AcquireAsync(0, Cancelled)).IsAcquired);
        Assert.Equal(1, limiter.GetStatistics()!.TotalSuccessfulLeases);
    }

    [Fact]
    public async Task Callers_wait_as_long_as_their_patience_and_are_served_in_order()
    {
        var time = new FakeTimeProvider();
        await using var pool = StartPool(time, limit: 2);
        var limiter = new QuotaLimiter(pool, QuotaClass.Submission);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        var waiting = Enumerable.Range(0, 6).Select(_ => limiter.AcquireAsync(1, Cancelled).AsTask()).ToList();

        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(4, limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.All(await Task.WhenAll(waiting[..2]), lease => Assert.True(lease.IsAcquired));
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.All(await Task.WhenAll(waiting[2..4]), lease => Assert.True(lease.IsAcquired));
        // The next permits would come after their patience is over.
        Assert.All(await Task.WhenAll(waiting[4..]), lease => Assert.False(lease.IsAcquired));
    }

    [Fact]
    public async Task Callers_that_wait_need_no_timer_of_their_own()
    {
        var time = new CountedTimers();
        var pool = StartPool(time, limit: 1, options => (options.Window, options.SubmissionPatience) = (TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
        var limiter = new QuotaLimiter(pool, QuotaClass.Submission);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        Assert.NotNull(limiter.IdleDuration);

        var waiting = Enumerable.Range(0, 1000).Select(_ => limiter.AcquireAsync(1, Cancelled).AsTask()).ToList();

        Assert.Equal(1000, limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.Null(limiter.IdleDuration);
        // The pool's own, and one for each time that storage was asked.
        Assert.InRange(time.Count, 1, 20);
        await pool.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), lease => Assert.False(lease.IsAcquired));
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_queue_and_takes_no_permit()
    {
        var time = new FakeTimeProvider();
        await using var pool = StartPool(time, limit: 1);
        var limiter = new QuotaLimiter(pool, QuotaClass.Submission);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        using var giveUp = new CancellationTokenSource();
        var waiting = limiter.AcquireAsync(1, giveUp.Token).AsTask();
        var next = limiter.AcquireAsync(1, Cancelled).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, limiter.GetStatistics()!.CurrentQueuedCount);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.True((await next).IsAcquired);
    }

    [Fact]
    public async Task More_callers_than_the_queue_holds_are_turned_away()
    {
        var time = new FakeTimeProvider();
        await using var pool = StartPool(time, limit: 1, options => options.QueueLimit = 1);
        var limiter = new QuotaLimiter(pool, QuotaClass.Submission);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        var waiting = limiter.AcquireAsync(1, Cancelled).AsTask();

        using var refused = await limiter.AcquireAsync(1, Cancelled);

        Assert.False(refused.IsAcquired);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.True((await waiting).IsAcquired);
    }

    [Fact]
    public async Task Keys_are_counted_apart_and_the_same_key_once()
    {
        var limiters = Start(options => Scale(options, limit: 2, TimeSpan.FromHours(1))).Limiters;

        Assert.Equal(2, await CountAsync(limiters.For("two", SpringestKey.General, QuotaClass.Submission)));
        Assert.Equal(2, await CountAsync(limiters.For("two", SpringestKey.Certifications, QuotaClass.Submission)));
        // Here the key for certifications is the general one.
        Assert.Equal(2, await CountAsync(limiters.For(QuotaInstance.Site, SpringestKey.Certifications, QuotaClass.Submission)));
        Assert.Equal(0, await CountAsync(limiters.For(QuotaInstance.Site, SpringestKey.General, QuotaClass.Submission)));
    }

    [Fact]
    public async Task The_status_and_the_metrics_show_what_is_used_and_what_is_left()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 30, TimeSpan.FromHours(1));
            (options.SubmissionReserve, options.WebhookReserve) = (5, 10);
        });
        Assert.Equal(15, await CountAsync(instance.Limiter(QuotaClass.Catalogue)));
        instance.Limiters.Block(QuotaInstance.Site, SpringestKey.General, TimeSpan.FromMinutes(5));

        var status = Assert.Single(await instance.Limiters.ReadStatusAsync(QuotaInstance.Site, Cancelled));

        Assert.Equal((30, 15), (status.Limit, status.Used));
        Assert.Equal([15, 10, 0], status.Classes.Select(priority => priority.Left));
        Assert.Equal((15, 1), (status.Classes[2].Taken, status.Classes[2].Refused));
        Assert.Equal(15, status.Curve.Sum(point => point.Permits));
        Assert.Equal(15, status.Instance.Granted);
        Assert.Equal(15, Measured(instance, "springest.quota.granted"));
        Assert.Equal(1, Measured(instance, "springest.quota.refusals"));
        Assert.Equal(2, (await instance.Limiters.ReadStatusAsync("two", Cancelled)).Count);
    }

    /// <summary>A pool by itself, whose permits come back after 45 seconds; a submission waits for two minutes.</summary>
    private static QuotaPool StartPool(TimeProvider time, int limit, Action<QuotaOptions>? configure = null)
    {
        var options = new QuotaOptions
        {
            Limit = limit, SubmissionReserve = 0, WebhookReserve = 0, ChunkSize = limit, SubmissionPatience = TimeSpan.FromMinutes(2),
            Window = TimeSpan.FromSeconds(30), SlotLength = TimeSpan.FromSeconds(0.3), GrantLife = TimeSpan.FromSeconds(5), NetworkSlack = TimeSpan.FromSeconds(10),
        };
        configure?.Invoke(options);
        var store = new VirtualStore(time, new Random(1)) { LongestDelay = TimeSpan.Zero };
        return new QuotaPool(SpringestKey.General, new QuotaCounter("nl", store, new QuotaShape(options), time, NullLogger.Instance), options, time, new Random(1));
    }

    private sealed class CountedTimers : TimeProvider
    {
        private int _count;

        public int Count => _count;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _count);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
