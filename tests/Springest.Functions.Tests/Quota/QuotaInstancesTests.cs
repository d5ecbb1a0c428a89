using System.Threading.RateLimiting;
using Springest.Client;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>Several instances and one quota.</summary>
public sealed class QuotaInstancesTests(AzuriteFixture azurite) : QuotaTests(azurite)
{
    [Fact]
    public async Task Many_instances_never_exceed_the_limit()
    {
        var window = TimeSpan.FromSeconds(2);
        var observer = new Observer();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        // Three windows' worth of requests, in which edges and expiries come often.
        var users = Enumerable.Range(0, 6).SelectMany(_ =>
        {
            var limiter = Start(options => Scale(options, limit: 40, window)).Limiter();
            return Enumerable.Range(0, 3).Select(_ => UseAllAsync(limiter, observer, end.Token));
        }).ToList();
        // Nobody is held up before all permits are in use; each is for three times the window.
        await UntilAsync(() => observer.Count >= 120 && observer.MostIn(3 * window) >= 40);
        await end.CancelAsync();
        await Task.WhenAll(users);

        var most = observer.MostIn(window);
        Assert.True(most <= 40, $"{most} of 40 in one window.");
    }

    [Fact]
    public async Task Over_a_network_that_cuts_delays_and_repeats_the_limit_holds()
    {
        var window = TimeSpan.FromSeconds(2);
        var network = new BadNetwork(seed: 1) { Trouble = 0.1 };
        await using var proxy = await StorageProxy.StartAsync(Azurite, Cancelled);
        proxy.Exchange = network.ExchangeAsync;
        var observer = new Observer();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var users = Enumerable.Range(0, 6).SelectMany(_ =>
        {
            var limiter = Start(options => Scale(options, limit: 30, window), proxy.ConnectionString).Limiter();
            return Enumerable.Range(0, 4).Select(_ => UseAllAsync(limiter, observer, end.Token));
        }).ToList();
        // Permits whose answers are lost are in use as well.
        await UntilAsync(() => observer.Count >= 90 && observer.MostIn(3 * window) >= 20
            && network.Faults is { Cut: > 3, Delayed: > 3, Repeated: > 3 });
        await end.CancelAsync();
        await Task.WhenAll(users);

        var most = observer.MostIn(window);
        Assert.True(most <= 30, $"{most} of 30 in one window.");
    }

    [Fact]
    public async Task Block_by_the_server_stops_every_instance_until_it_is_lifted()
    {
        var (one, two) = (Start(Roomy), Start(Roomy));
        Assert.True((await one.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);

        one.Limiters.Block(QuotaInstance.Site, SpringestKey.General, TimeSpan.FromMinutes(20));

        using var refused = await one.Limiter(QuotaClass.FullPass).AcquireAsync(1, Cancelled);
        Assert.False(refused.IsAcquired);
        await UntilAsync(one, blocked: true);
        using var elsewhere = await two.Limiter(QuotaClass.FullPass).AcquireAsync(1, Cancelled);
        Assert.False(elsewhere.IsAcquired);
        Assert.True(elsewhere.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        // It may be lifted before its time, so who is blocked asks again.
        Assert.InRange(retryAfter, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));

        two.Limiters.Unblock(QuotaInstance.Site);
        Assert.True((await two.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        await UntilAsync(two, blocked: false);

        static void Roomy(QuotaOptions options) => Scale(options, limit: 100, TimeSpan.FromHours(1));

        static async Task UntilAsync(QuotaInstance instance, bool blocked)
        {
            while ((await instance.Limiters.ReadStatusAsync(QuotaInstance.Site, Cancelled)).Single().BlockedUntil.HasValue != blocked)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
        }
    }

    [Fact]
    public async Task Other_settings_take_effect_without_losing_what_is_counted()
    {
        Assert.Equal(10, await CountAsync(Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1))).Limiter()));

        Assert.Equal(5, await CountAsync(Start(Longer).Limiter()));
        Assert.Equal(0, await CountAsync(Start(options => Scale(options, limit: 8, TimeSpan.FromHours(1))).Limiter()));

        static void Longer(QuotaOptions options)
        {
            Scale(options, limit: 15, TimeSpan.FromHours(2));
        }
    }

    private static async Task UseAllAsync(RateLimiter limiter, Observer observer, CancellationToken end)
    {
        try
        {
            while (true)
            {
                using var lease = await limiter.AcquireAsync(1, end);
                if (lease.IsAcquired)
                    observer.Arrive();
            }
        }
        catch (OperationCanceledException)
        {
            // The time of the test is over.
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
    }
}
