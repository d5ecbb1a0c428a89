using Springest.Functions.Quota;
using Springest.Testing.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>The real limiters at their real scale, in virtual time.</summary>
public sealed class QuotaHoursTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3940, 4000, QuotaClass.Submission)]
    [InlineData(2950, 3000, QuotaClass.Webhook)]
    [InlineData(3350, 3400, QuotaClass.Delta)]
    [InlineData(3250, 3300, QuotaClass.FullPass)]
    [InlineData(3940, 4000, QuotaClass.Submission, QuotaClass.Webhook, QuotaClass.Delta, QuotaClass.FullPass)]
    public void Hour_has_nearly_as_many_permits_as_the_ceiling(int least, int most, params QuotaClass[] classes)
    {
        foreach (var milliseconds in (int[])[1, 16])
        {
            var hour = new QuotaHour(milliseconds, classes);
            output.WriteLine(
                $"{hour.PerHour:f0} permits an hour with {milliseconds} ms to the store, {hour.OperationsPerRequest:f2} operations each.");
            Assert.InRange(hour.PerHour, least, most);
            Assert.InRange(hour.Most, 0, most);
        }
    }

    [Theory]
    [InlineData(400, QuotaClass.Delta)]
    [InlineData(300, QuotaClass.FullPass)]
    [InlineData(400, QuotaClass.Delta, QuotaClass.FullPass)]
    public void Flood_of_webhooks_leaves_crawling_its_part(int least, params QuotaClass[] others)
    {
        var hour = new QuotaHour(1, [QuotaClass.Webhook, .. others]);
        var rest = others.Sum(priority => hour.Of(priority));
        output.WriteLine($"{rest} an hour, at least {least}.");
        Assert.True(rest >= least, $"Only {rest}.");
    }

    [Fact]
    public void Submission_hardly_waits_while_199_crawl()
    {
        var world = new QuotaWorld(1, new QuotaOptions { Limit = 60_000 });
        world.Store.Latency = TimeSpan.FromMilliseconds(8);
        var instances = Enumerable.Range(0, 20).Select(_ => world.Start()).ToList();
        for (var i = 0; i < 199; i++)
            instances[i % 20].Add(1, QuotaClass.FullPass, TimeSpan.FromMilliseconds(300));
        var submissions = instances[^1].Add(1, QuotaClass.Submission, TimeSpan.FromSeconds(2))[0];
        world.Run(TimeSpan.FromMinutes(10));

        var waits = submissions.Waits.Order().ToList();
        output.WriteLine($"{waits.Count} submissions, p99 {waits[waits.Count * 99 / 100]}, longest {waits[^1]}.");
        Assert.True(waits.Count > 100, $"Only {waits.Count} submissions.");
        Assert.Equal(0, submissions.Refusals);
        Assert.True(waits[waits.Count * 99 / 100] < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Version_before_and_this_one_side_by_side_keep_one_limit_and_never_stop()
    {
        var world = new QuotaWorld(4, new QuotaOptions());
        List<QuotaWorld.Caller> Add(QuotaWorld.Instance instance) =>
        [
            .. instance.Add(4, QuotaClass.Submission, TimeSpan.FromSeconds(18)),
            .. instance.Add(4, QuotaClass.Webhook, TimeSpan.FromSeconds(18)),
        ];
        var callers = Add(world.Start(isOfVersionBefore: true));
        world.Run(TimeSpan.FromHours(1));
        callers.AddRange(Add(world.Start()));
        var from = world.Time.Now;
        world.Run(TimeSpan.FromHours(3));

        output.WriteLine($"{world.Server.HandledSince(from) / 3} requests an hour, longest wait {callers.Max(each => each.Waits.Max())}.");
        Assert.InRange(world.MostInWindow(), 3000, 4000);
        Assert.All(callers, caller => Assert.Equal(0, caller.Refusals));
        Assert.All(callers, caller => Assert.InRange(caller.Waits.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Instances_and_callers_get_equal_shares()
    {
        var world = new QuotaWorld(3, new QuotaOptions());
        var shares = Enumerable.Range(0, 10).Select(_ => world.Start().Add(3, pause: TimeSpan.FromSeconds(0.3))).ToList();

        world.Run(TimeSpan.FromHours(4));

        var ofInstances = shares.Select(callers => callers.Sum(caller => caller.Waits.Count)).Order().ToList();
        output.WriteLine($"Permits by instance: {string.Join(", ", ofInstances)}.");
        Assert.True(ofInstances[0] > ofInstances.Average() / 2, "An instance got less than half its share.");
        Assert.All(
            shares,
            callers => Assert.True(callers.Min(caller => caller.Waits.Count) > callers.Average(caller => caller.Waits.Count) / 2));
    }

    [Fact]
    public void Without_storage_nothing_is_let_through_and_it_goes_on_soon_after()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new QuotaWorld(seed, new QuotaOptions());
            world.Start().Add(6, pause: TimeSpan.FromSeconds(0.3));
            world.Run(TimeSpan.FromSeconds(10 + seed / 7.0));

            world.Store.Down = true;
            world.Run(TimeSpan.FromSeconds(1)); // what has its permit is handled by then
            var before = world.Server.Handled;
            world.Run(TimeSpan.FromMinutes(2));
            Assert.Equal(before, world.Server.Handled);

            world.Store.Down = false;
            world.Run(TimeSpan.FromSeconds(5));
            Assert.True(world.Server.Handled > before, $"It has not gone on after 5 s (seed {seed}).");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 4)]
    [InlineData(60, 30)]
    public void Idle_app_asks_storage_for_nothing_after_a_pause(int pauseSeconds, int outageSeconds)
    {
        var world = new QuotaWorld(1, new QuotaOptions());
        var instance = world.Start();
        world.Store.Down = outageSeconds > 0;
        instance.Allocator.Block(TimeSpan.FromSeconds(pauseSeconds));
        world.Run(TimeSpan.FromSeconds(outageSeconds));
        world.Store.Down = false;
        world.Run(TimeSpan.FromMinutes(2));

        var before = world.Store.Requests;
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(before, world.Store.Requests);
    }

    [Fact]
    public void Permit_is_too_old_after_its_life_however_long_its_grant_took()
    {
        var world = new QuotaWorld(1, new QuotaOptions { GrantLife = TimeSpan.FromSeconds(2) });
        world.Store.Latency = TimeSpan.FromSeconds(0.5);
        world.Start().Add(6, hesitation: TimeSpan.FromSeconds(3));

        world.Run(TimeSpan.FromMinutes(10));

        var granted = world.Instances[0].Allocator.For(QuotaClass.Submission).GetStatistics().TotalSuccessfulLeases;
        Assert.InRange(world.Server.Handled, 1, granted * 2 / 3);
    }
}
