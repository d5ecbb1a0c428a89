using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

public sealed class StoreClockTests
{
    private static readonly long Start = new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void The_true_time_is_always_within_the_bounds_and_these_grow_narrow()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var (offset, drift) = (random.NextInt64(-TimeSpan.TicksPerHour, TimeSpan.TicksPerHour), random.Next(-90, 91));
            long Local(long time) => time - Start + offset + (time - Start) * drift / 1_000_000;
            var clock = new StoreClock();
            var now = Start + random.NextInt64(TimeSpan.TicksPerSecond);
            var bounds = default(StoreTime);
            for (var answer = 0; answer < 200; answer++)
            {
                var sent = now;
                var at = sent + random.NextInt64(TimeSpan.TicksPerMillisecond * 20);
                now = at + random.NextInt64(TimeSpan.TicksPerMillisecond * 20);
                clock.Observe(Local(sent), Local(now), new DateTimeOffset(at - at % TimeSpan.TicksPerSecond, TimeSpan.Zero));
                now += random.NextInt64(TimeSpan.TicksPerSecond / 2);
                bounds = clock.At(Local(now));
                Assert.True(bounds.Earliest <= now && now <= bounds.Latest, $"Seed {seed}: the time is out of bounds after {answer} answers.");
            }

            Assert.True(bounds.Latest - bounds.Earliest < TimeSpan.TicksPerSecond / 5, $"Seed {seed}: the bounds stay wide.");
        }
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_clock_that_is_set_is_followed(int seconds)
    {
        var clock = new StoreClock();
        var date = new DateTimeOffset(Start, TimeSpan.Zero);
        clock.Observe(0, 1, date);
        clock.Observe(TimeSpan.TicksPerSecond, TimeSpan.TicksPerSecond + 1, date.AddSeconds(1 + seconds));

        var now = clock.At(TimeSpan.TicksPerSecond + 1);

        Assert.InRange(date.AddSeconds(1 + seconds).Ticks, now.Earliest, now.Latest);
        Assert.True(now.Latest - now.Earliest < 2 * TimeSpan.TicksPerSecond);
    }

    [Fact]
    public void Before_any_answer_there_is_no_time() => Assert.Throws<InvalidOperationException>(() => new StoreClock().At(0));
}
