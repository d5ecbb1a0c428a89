using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>The real limiter at its real scale, in virtual time.</summary>
public sealed class QuotaWorldTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public Task At_full_rate_nearly_all_permits_are_used_and_few_writes_needed(int instances) => Task.Run(() =>
    {
        var options = new QuotaOptions();
        var world = new QuotaWorld(instances, options);
        foreach (var pool in Enumerable.Range(0, instances).Select(_ => world.StartInstance()).ToList())
        {
            for (var i = 0; i < 6; i++)
                world.AddCaller(pool, pause: TimeSpan.FromSeconds(0.3));
        }

        world.Run(TimeSpan.FromHours(1), Step);
        var (from, requests, writes) = (world.Now, world.Requests, world.Store.Writes);
        // Whole turns of the ring, since the use repeats with it.
        var turn = options.Window + options.GrantLife + options.NetworkSlack;
        world.Run(2 * turn, Step);

        var perHour = world.RequestsSince(from) * (options.Window / (2 * turn));
        var perRequest = (world.Store.Writes - writes) / (double)(world.Requests - requests);
        output.WriteLine($"{perHour:f0} permits an hour, {perRequest:f4} writes a request, at most {world.MostInWindow()} in a window.");
        Assert.InRange(perHour, 3960, 4000);
        Assert.InRange(perRequest, 0, 0.05);
        Assert.InRange(world.MostInWindow(), 3900, 4000);
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task A_submission_hardly_waits_while_a_crawl_takes_all_it_may() => Task.Run(() =>
    {
        var world = new QuotaWorld(7, new QuotaOptions());
        var (crawler, submitter) = (world.StartInstance(), world.StartInstance());
        foreach (var pool in (QuotaPool[])[crawler, submitter])
        {
            for (var i = 0; i < 6; i++)
                world.AddCaller(pool, QuotaClass.Catalogue, TimeSpan.FromSeconds(0.3));
        }

        var submissions = world.AddCaller(submitter, QuotaClass.Submission, TimeSpan.FromSeconds(60));
        world.Run(TimeSpan.FromHours(3), TimeSpan.FromMilliseconds(20));

        var waits = submissions.Waits.Order().ToList();
        output.WriteLine($"{waits.Count} submissions, p99 {waits[waits.Count * 99 / 100]}, longest {waits[^1]}, {submissions.Refusals} refusals.");
        Assert.Equal(0, submissions.Refusals);
        Assert.True(waits.Count > 150);
        Assert.True(waits[waits.Count * 99 / 100] < TimeSpan.FromSeconds(2));
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task A_submission_does_not_wait_out_the_pause_of_a_crawl() => Task.Run(() =>
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new QuotaWorld(seed, new QuotaOptions());
            var pool = world.StartInstance();
            world.AddCaller(pool, QuotaClass.Catalogue);
            world.Store.Down = true;
            while (pool.Activity().Failures == 0)
                world.Run(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));

            world.Store.Down = false;
            var submission = pool.AcquireAsync(QuotaClass.Submission, 1, CancellationToken.None);
            world.Run(4 * world.Store.LongestDelay, TimeSpan.FromMilliseconds(5));

            Assert.True(submission is { IsCompletedSuccessfully: true, Result.IsAcquired: true }, $"It waited (seed {seed}).");
        }
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task Nobody_starves() => Task.Run(() =>
    {
        var world = new QuotaWorld(3, new QuotaOptions());
        var callers = Enumerable.Range(0, 10).Select(_ => world.StartInstance())
            .SelectMany(pool => Enumerable.Range(0, 3).Select(_ => world.AddCaller(pool, pause: TimeSpan.FromSeconds(0.3)))).ToList();

        world.Run(TimeSpan.FromHours(4), Step);

        var shares = callers.GroupBy(caller => caller.Pool).Select(instance => instance.Sum(caller => caller.Served)).Order().ToList();
        output.WriteLine($"Permits by instance: {string.Join(", ", shares)}.");
        Assert.True(shares[0] > shares.Average() / 2, "An instance got less than half its share.");
        foreach (var instance in callers.GroupBy(caller => caller.Pool))
            Assert.True(instance.Max(caller => caller.Served) - instance.Min(caller => caller.Served) < instance.Average(caller => caller.Served) / 4);
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task A_crash_wastes_one_chunk_at_most() => Task.Run(() =>
    {
        var options = new QuotaOptions();
        var wasted = new List<int>();
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new QuotaWorld(seed, options);
            var first = world.StartInstance();
            for (var i = 0; i < 6; i++)
                world.AddCaller(first, pause: TimeSpan.FromSeconds(0.3));
            world.Run(TimeSpan.FromSeconds(60 + seed), Step);

            world.Crash(first);
            var second = world.StartInstance();
            for (var i = 0; i < 6; i++)
                world.AddCaller(second);
            world.Run(TimeSpan.FromMinutes(5), Step);

            wasted.Add(options.Limit - world.Requests);
        }

        output.WriteLine($"Permits wasted: {string.Join(", ", wasted)}.");
        Assert.InRange(wasted.Max(), 1, options.ChunkSize);
        Assert.True(wasted.Min() >= 0);
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task While_storage_is_gone_only_what_was_granted_is_used_and_it_goes_on_soon_after() => Task.Run(() =>
    {
        var options = new QuotaOptions();
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new QuotaWorld(seed, options);
            var pool = world.StartInstance();
            for (var i = 0; i < 6; i++)
                world.AddCaller(pool, pause: TimeSpan.FromSeconds(0.3));
            world.Run(TimeSpan.FromSeconds(10 + seed / 7.0), Step);

            world.Store.Down = true;
            world.Run(TimeSpan.FromMinutes(2), Step);
            Assert.InRange(world.Requests, 1, world.Store.Counted(new QuotaShape(options)));

            world.Store.Down = false;
            var (back, before) = (world.Now, world.Requests);
            while (world.Requests == before)
                world.Run(Step, Step);
            Assert.True(world.Now - back < TimeSpan.FromSeconds(5), $"It took {world.Now - back} to go on (seed {seed}).");
        }
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task No_permit_is_used_after_its_life_however_long_its_grant_took() => Task.Run(() =>
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = new QuotaWorld(seed, new QuotaOptions { GrantLife = TimeSpan.FromSeconds(2) });
            world.Store.LongestDelay = TimeSpan.FromSeconds(1.2);
            var pool = world.StartInstance();
            for (var i = 0; i < 6; i++)
                world.AddCaller(pool, pause: TimeSpan.FromSeconds(0.5));

            world.Run(TimeSpan.FromMinutes(3), TimeSpan.FromMilliseconds(5));

            Assert.True(world.Requests > 100);
            Assert.Equal(0, world.Overdue);
        }
    }, TestContext.Current.CancellationToken);

    [Fact]
    public Task Whatever_goes_wrong_no_window_holds_more_than_the_limit() => Task.Run(() =>
    {
        foreach (var seed in QuotaSimulationTests.Seeds("200"))
        {
            var random = new Random(seed);
            var window = TimeSpan.FromSeconds(2 + 6 * random.NextDouble());
            var world = new QuotaWorld(seed, new QuotaOptions
            {
                Limit = random.Next(3, 30),
                ChunkSize = random.Next(1, 4),
                Window = window,
                SlotLength = window / random.Next(10, 200),
                NetworkSlack = window / random.Next(4, 20),
                GrantLife = window / 20,
                SubmissionReserve = 1,
                WebhookReserve = 1,
                BlockTime = window / 10,
            });
            world.Store.Loss = random.Next(3) * 0.03;
            world.Store.LongestDelay = window / random.Next(20, 500);
            var pools = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Join()).ToList();
            for (var episode = 0; episode < 12; episode++)
            {
                world.Run(window * random.NextDouble(), TimeSpan.FromMilliseconds(10));
                world.Store.Down = random.Next(6) == 0;
                var i = random.Next(pools.Count);
                if (random.Next(3) == 0)
                    pools[i].Block(window / 10);
                if (random.Next(3) == 0)
                {
                    world.Crash(pools[i]);
                    pools[i] = Join();
                }
            }

            Assert.True(world.MostInWindow() <= world.Limit, $"{world.MostInWindow()} requests where {world.Limit} are allowed. Run it again with QUOTA_SEED={seed}.");

            QuotaPool Join()
            {
                var pool = world.StartInstance();
                for (var c = 0; c < 4; c++)
                    world.AddCaller(pool, (QuotaClass)random.Next(3), window / 20 * random.NextDouble());
                return pool;
            }
        }
    }, TestContext.Current.CancellationToken);
}
