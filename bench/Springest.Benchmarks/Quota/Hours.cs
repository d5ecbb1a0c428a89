using Springest.Functions.Quota;
using Springest.Testing.Quota;

namespace Springest.Benchmarks.Quota;

/// <summary>Hours of the real limiters with their default settings, in virtual time.</summary>
internal static class Hours
{
    private static readonly QuotaClass[] All = Enum.GetValues<QuotaClass>();

    public static void Run(Report report)
    {
        foreach (var milliseconds in (int[])[1, 16])
        {
            var with = milliseconds == 1 ? "" : ", 15 ms added to each storage call";
            foreach (var (goal, who, classes) in ((int, string, QuotaClass[])[])
                [
                    (3940, "submissions alone", [QuotaClass.Submission]), (2950, "webhooks alone", [QuotaClass.Webhook]),
                    (3250, "full passes alone", [QuotaClass.FullPass]), (3940, "all at once", All),
                ])
            {
                var hour = new QuotaHour(milliseconds, classes);
                report.AtLeast(goal, $"permits usable per hour, {who}{with}", hour.PerHour, "permits");
                report.AtMost(4000, $"most requests in a trailing hour, {who}{with}", hour.Most, "requests");
                report.AtMost(
                    2,
                    $"storage operations per request, {who}, eight in flight in each of two instances{with}",
                    hour.OperationsPerRequest,
                    "operations");
            }

            foreach (var (goal, who, others) in ((int, string, QuotaClass[])[])
                [
                    (400, "deltas", [QuotaClass.Delta]), (300, "full passes", [QuotaClass.FullPass]),
                    (400, "deltas and full passes", [QuotaClass.Delta, QuotaClass.FullPass]),
                ])
            {
                var hour = new QuotaHour(milliseconds, [QuotaClass.Webhook, .. others]);
                report.AtLeast(goal, $"permits an hour left to {who} by endless webhooks{with}", others.Sum(hour.Of), "permits");
            }

            Submissions(report, milliseconds, with);
        }

        Outages(report);
    }

    private static void Submissions(Report report, int milliseconds, string with)
    {
        var world = new QuotaWorld(1, new QuotaOptions { Limit = 60_000 });
        world.Store.Latency = TimeSpan.FromMilliseconds(milliseconds / 2.0);
        var instances = Enumerable.Range(0, 20).Select(_ => world.Start()).ToList();
        for (var i = 0; i < 199; i++)
            instances[i % 20].Add(1, QuotaClass.FullPass, TimeSpan.FromMilliseconds(300));
        var submissions = instances[^1].Add(1, QuotaClass.Submission, TimeSpan.FromSeconds(2))[0];
        world.Run(TimeSpan.FromMinutes(20));

        var waits = submissions.Waits.Order().ToList();
        report.AtMost(
            2,
            $"p99 of a submission's wait among 199 crawling contenders in 20 instances{with}",
            waits[waits.Count * 99 / 100].TotalSeconds,
            "s");
        report.AtMost(0, $"submissions put off meanwhile{with}", submissions.Refusals, "submissions");

        var alone = new QuotaWorld(1, new QuotaOptions());
        alone.Start().Add(1, QuotaClass.Submission, TimeSpan.FromMinutes(1));
        alone.Run(TimeSpan.FromHours(2));
        report.AtMost(
            2,
            $"storage operations per request, single submissions{with}",
            alone.Store.Requests / (double)alone.Server.Handled,
            "operations");
    }

    private static void Outages(Report report)
    {
        var (through, longest) = (0, TimeSpan.Zero);
        for (var seed = 1; seed <= 50; seed++)
        {
            var world = new QuotaWorld(seed, new QuotaOptions());
            world.Start().Add(6, pause: TimeSpan.FromSeconds(0.3));
            world.Run(TimeSpan.FromSeconds(10 + seed / 7.0));
            world.Store.Down = true;
            world.Run(TimeSpan.FromSeconds(1)); // what has its permit is handled by then
            var before = world.Server.Handled;
            world.Run(TimeSpan.FromMinutes(3));
            through += world.Server.Handled - before;

            world.Store.Down = false;
            var (back, handled) = (world.Time.Now, world.Server.Handled);
            while (world.Server.Handled == handled)
                world.Run(TimeSpan.FromMilliseconds(50));
            var took = TimeSpan.FromTicks(world.Time.Now - back);
            longest = took > longest ? took : longest;
        }

        report.AtMost(0, "requests let through while storage is gone, 50 outages", through, "requests");
        report.AtMost(5, "longest time to go on when storage is back", longest.TotalSeconds, "s");
    }
}
