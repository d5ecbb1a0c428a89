using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

public sealed class StalenessTests
{
    [Fact]
    public async Task Full_passes_bring_every_change_within_35_minutes_at_half_the_quota()
        => Assert.InRange(
            await Staleness.MeasureAsync(3_000, Staleness.ByFullPasses, TimeSpan.FromHours(2), changes: 300, seed: 1),
            TimeSpan.FromMinutes(20),
            TimeSpan.FromMinutes(35));

    [Fact]
    public async Task Deltas_bring_every_change_within_15_minutes_also_while_a_full_pass_is_under_way()
        => Assert.InRange(
            await Staleness.MeasureAsync(3_000, Staleness.ByDelta, TimeSpan.FromHours(26), changes: 300, seed: 1),
            TimeSpan.FromMinutes(5),
            TimeSpan.FromMinutes(15));

    /// <summary>
    /// For more days set STALENESS_DAYS; STALENESS_SCALE=1 has all of 30,000 trainings, 180,000 reviews and 4,000 requests an hour.
    /// </summary>
    [Theory]
    [InlineData(0.01, false, 15)]
    [InlineData(0.1, false, 30)]
    [InlineData(0.5, false, 120)]
    [InlineData(0.01, true, 15)]
    public async Task At_the_real_quota_and_with_all_lists_no_change_gets_older(double share, bool isTroubled, int minutes)
    {
        var outage = isTroubled ? TimeSpan.FromMinutes(30) : TimeSpan.Zero;
        var changes = await Staleness.MeasureAtQuotaAsync(
            Setting("STALENESS_SCALE", 0.05), share, Setting("STALENESS_DAYS", 0.25), seed: 1, (api, elapsed) =>
            {
                if (!isTroubled)
                    return;
                // A broken record, a wrong total, records that the list leaves out, each day one more, and an empty list at first.
                api.Broken.Add(7);
                api.TotalOff = 2;
                api.Unlisted.UnionWith([11, 12, 13 + elapsed.Days]);
                api.ListsNothing = elapsed < outage;
            });
        var oldest = changes.Where(change => change.Made >= outage).Max(change => change.Age);

        TestContext.Current.TestOutputHelper!.WriteLine($"{share:P0} a day{(isTroubled ? ", in trouble" : "")}: {oldest}");
        Assert.InRange(oldest, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(minutes));
        Assert.InRange(changes.Max(change => change.Age), oldest, outage + TimeSpan.FromMinutes(minutes));
    }

    private static double Setting(string name, double otherwise)
        => Environment.GetEnvironmentVariable(name) is { } given ? double.Parse(given, CultureInfo.InvariantCulture) : otherwise;

    [Fact]
    public async Task Deltas_that_read_everything_leave_a_full_pass_half_of_the_time()
    {
        var clock = new FakeTimeProvider();
        using var memory = new MemoryStorage(clock) { AnswersAtOnce = true };
        using var api = new ChaosApi(clock);
        for (var id = 1; id <= 1_500; id++)
            api.Put(id, "Old");
        await using var app = await MirrorApp.StartAsync(
            MemoryStorage.ConnectionString,
            "modified",
            new Uri("https://api.example"),
            new(Staleness.ByDelta)
            {
                ["Springest:Quota:Limit"] = "60000",
                ["Springest:Mirror:Prefetch"] = "1",
                ["Springest:Sites:nl:AttemptTimeout"] = "00:01:00",
            },
            clock,
            memory,
            api);
        await app.CompleteAsync();
        // A pass over all takes 15 minutes, longer than the deltas' interval.
        api.Before = () =>
        {
            clock.Advance(TimeSpan.FromSeconds(18));
            return Task.CompletedTask;
        };
        clock.Advance(TimeSpan.FromHours(23));
        for (var id = 1; id <= 1_500; id++)
            api.Put(id, "New");

        var due = clock.GetUtcNow() + TimeSpan.FromHours(1);
        while (clock.GetUtcNow() < due + TimeSpan.FromHours(2))
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            await app.TickAsync();
        }

        var status = await app.Status.ReadAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.InRange(status.FullPassCompleted!.Value - due, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60));
        // In pages, of which each delta read 50: they kept coming.
        Assert.InRange(api.Deltas, 3 * 50, 12 * 50);
    }
}
