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
