using System.Threading.RateLimiting;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>The quota as a limiter: who gets a permit, who waits, and what the others are told.</summary>
public sealed class QuotaLimiterTests(AzuriteFixture azurite) : QuotaTests(azurite)
{
    [Fact]
    public async Task Class_leaves_what_is_reserved_for_those_before_it()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 40, TimeSpan.FromHours(1));
            (options.WebhookShare, options.WebhookAloneShare, options.DeltaShare, options.FullPassShare) = (0.9, 0.25, 0.6, 0.5);
        });

        Assert.Equal(20, await CountAsync(instance.Limiter(QuotaClass.FullPass)));
        Assert.Equal(4, await CountAsync(instance.Limiter(QuotaClass.Delta)));
        Assert.Equal(10, await CountAsync(instance.Limiter(QuotaClass.Webhook)));
        Assert.Equal(6, await CountAsync(instance.Limiter(QuotaClass.Submission)));
    }

    [Fact]
    public async Task Lease_that_cannot_be_had_says_when_and_why_at_once()
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
    public async Task Lease_says_how_long_it_may_be_used()
    {
        var limiter = Start(options => Scale(options, limit: 3, TimeSpan.FromMinutes(30))).Limiter();

        using var lease = await limiter.AcquireAsync(1, Cancelled);

        Assert.True(lease.TryGetMetadata(PermitMetadata.TimeLeft, out var left));
        Assert.InRange(left, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Whether_to_wait_can_be_asked_without_taking_a_permit()
    {
        var limiter = Start(options => Scale(options, limit: 1, TimeSpan.FromMinutes(30))).Limiter();

        Assert.True((await limiter.AcquireAsync(0, Cancelled)).IsAcquired);
        Assert.Equal(1, await CountAsync(limiter));
        Assert.False((await limiter.AcquireAsync(0, Cancelled)).IsAcquired);
    }

    [Fact]
    public void Callers_wait_as_long_as_their_patience_and_are_served_in_order()
    {
        var world = StartWorld(limit: 2);
        var instance = world.Start();
        var waiting = Enumerable.Range(0, 6).Select(_ => Ask(instance)).ToList();

        world.Run(TimeSpan.FromSeconds(10));
        Assert.Equal([true, true, null, null, null, null], waiting.Select(IsAcquired));
        world.Run(TimeSpan.FromSeconds(45));
        Assert.Equal([true, true, true, true, null, null], waiting.Select(IsAcquired));
        world.Run(TimeSpan.FromSeconds(65));
        // Four have the patience for two turns, the next permits would come too late for the others.
        Assert.Equal([true, true, true, true, true, true], waiting.Select(IsAcquired));
    }

    [Fact]
    public async Task Caller_that_gives_up_leaves_the_queue_and_takes_no_permit()
    {
        var world = StartWorld(limit: 1);
        var instance = world.Start();
        var first = Ask(instance);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.True(IsAcquired(first));
        using var giveUp = new CancellationTokenSource();
        var waiting = instance.Allocator.For(QuotaClass.Submission).AcquireAsync(1, giveUp.Token).AsTask();
        var next = Ask(instance);

        await giveUp.CancelAsync();

        Assert.Equal(1, instance.Allocator.For(QuotaClass.Submission).GetStatistics().CurrentQueuedCount);
        world.Run(TimeSpan.FromSeconds(50));
        Assert.True(IsAcquired(next));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Submission_does_not_wait_out_the_backoff_of_a_crawl()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new QuotaWorld(seed, new QuotaOptions());
            var instance = world.Start();
            world.Store.Down = true;
            instance.Add(1, QuotaClass.FullPass);
            world.Run(TimeSpan.FromSeconds(3.001)); // then the first time that storage was asked is given up

            world.Store.Down = false;
            var submission = Ask(instance);
            world.Run(8 * world.Store.Latency);

            Assert.True(IsAcquired(submission), $"It waited (seed {seed}).");
        }
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
    public async Task Status_and_metrics_show_what_is_used_and_what_is_left()
    {
        var instance = Start(options =>
        {
            Scale(options, limit: 40, TimeSpan.FromHours(1));
            (options.WebhookShare, options.WebhookAloneShare, options.DeltaShare, options.FullPassShare) = (0.9, 0.25, 0.6, 0.5);
        });
        using var granted = new Sum(instance, "springest.quota.granted");
        Assert.Equal(20, await CountAsync(instance.Limiter(QuotaClass.FullPass)));

        var status = Assert.Single(await instance.Limiters.ReadStatusAsync(QuotaInstance.Site, Cancelled));

        Assert.Equal((40, 20, 20), (status.Limit, status.Used, status.Curve.Sum()));
        Assert.Equal([20, 10, 4, 0], status.Left.Values);
        Assert.Equal(20, granted.Value);
        using var refusals = new Sum(instance, "springest.quota.refusals");
        Assert.Equal(1, refusals.Value);
        Assert.Equal(2, (await instance.Limiters.ReadStatusAsync("two", Cancelled)).Count);
    }

    // Permits come back after 45 seconds and a little; a submission waits for two minutes.
    private static QuotaWorld StartWorld(int limit)
        => new(
            1,
            new QuotaOptions
            {
                Limit = limit,
                SubmissionPatience = TimeSpan.FromMinutes(2),
                Window = TimeSpan.FromSeconds(30),
                GrantLife = TimeSpan.FromSeconds(5),
                LongestAttempt = TimeSpan.FromSeconds(10),
            });

    private static Task<RateLimitLease> Ask(QuotaWorld.Instance instance)
        => instance.Allocator.For(QuotaClass.Submission).AcquireAsync(1).AsTask();

    private static bool? IsAcquired(Task<RateLimitLease> lease) => lease.IsCompleted ? lease.Result.IsAcquired : null;
}
