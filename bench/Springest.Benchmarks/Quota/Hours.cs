using Springest.Functions.Quota;
using Springest.Functions.Tests.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>Hours of the real limiter with its default settings, in virtual time.</summary>
internal static class Hours
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static void Run(Report report)
    {
        foreach (var instances in (int[])[1, 2, 4])
            Saturate(report, instances);
        Submissions(report);
        Crashes(report);
        Outages(report);
    }

    private static void Saturate(Report report, int instances)
    {
        var options = new QuotaOptions();
        var world = new QuotaWorld(instances, options);
        for (var i = 0; i < instances; i++)
            AddCallers(world, world.StartInstance());
        world.Run(TimeSpan.FromHours(1), Step);
        var (from, requests, writes) = (world.Now, world.Requests, world.Store.Writes);
        var turn = options.Window + options.GrantLife + options.NetworkSlack;
        world.Run(4 * turn, Step);

        var of = instances == 1 ? "1 instance" : $"{instances} instances";
        report.AtLeast(3960, $"permits usable per hour, {of} that never have enough", world.RequestsSince(from) * (options.Window / (4 * turn)), "permits");
        report.AtMost(4000, $"most requests in a trailing hour, {of}", world.MostInWindow(), "requests");
        report.AtMost(
            0.05, $"storage writes per API request, {of}", (world.Store.Writes - writes) / (double)(world.Requests - requests), "writes");
    }

    private static void Submissions(Report report)
    {
        var world = new QuotaWorld(7, new QuotaOptions());
        var (crawler, submitter) = (world.StartInstance(), world.StartInstance());
        AddCallers(world, crawler, QuotaClass.Catalogue);
        AddCallers(world, submitter, QuotaClass.Catalogue);
        var submissions = world.AddCaller(submitter, QuotaClass.Submission, TimeSpan.FromSeconds(60));
        world.Run(TimeSpan.FromHours(6), TimeSpan.FromMilliseconds(20));

        var waits = submissions.Waits.Order().ToList();
        report.AtMost(2, "p99 of a submission's wait while the crawl takes all it may", waits[waits.Count * 99 / 100].TotalSeconds, "s");
        report.AtMost(0, "submissions put off meanwhile", submissions.Refusals, "submissions");
    }

    private static void Crashes(Report report)
    {
        var (options, wasted) = (new QuotaOptions(), 0);
        for (var seed = 1; seed <= 50; seed++)
        {
            var world = new QuotaWorld(seed, options);
            var first = world.StartInstance();
            AddCallers(world, first);
            world.Run(TimeSpan.FromSeconds(30 + seed), Step);
            world.Crash(first);
            AddCallers(world, world.StartInstance());
            world.Run(TimeSpan.FromMinutes(8), Step);
            wasted = Math.Max(wasted, options.Limit - world.Requests);
        }

        report.AtMost(25, "permits wasted by a crash, most of 50 crashes", wasted, "permits");
    }

    private static void Outages(Report report)
    {
        var (options, uncounted, longest) = (new QuotaOptions(), 0, TimeSpan.Zero);
        for (var seed = 1; seed <= 50; seed++)
        {
            var world = new QuotaWorld(seed, options);
            AddCallers(world, world.StartInstance());
            world.Run(TimeSpan.FromSeconds(10 + seed / 7.0), Step);

            world.Store.Down = true;
            world.Run(TimeSpan.FromMinutes(3), Step);
            uncounted += Math.Max(0, world.Requests - world.Store.Counted(new QuotaShape(options)));

            world.Store.Down = false;
            var (back, before) = (world.Now, world.Requests);
            while (world.Requests == before)
                world.Run(Step, Step);
            longest = world.Now - back > longest ? world.Now - back : longest;
        }

        report.AtMost(0, "requests let through uncounted while storage is gone, 50 outages", uncounted, "requests");
        report.AtMost(5, "longest time to go on when storage is back", longest.TotalSeconds, "s");
    }

    private static void AddCallers(QuotaWorld world, QuotaPool pool, QuotaClass priority = QuotaClass.Submission)
    {
        for (var i = 0; i < 6; i++)
            world.AddCaller(pool, priority, TimeSpan.FromSeconds(0.3));
    }
}
