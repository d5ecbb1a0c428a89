using Azure;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Counter;

namespace Springest.Functions.Tests.Quota;

public sealed class SlidingWindowTests
{
    private const int Submissions = (int)QuotaClass.Submission;
    private const int Webhooks = (int)QuotaClass.Webhook;

    private static readonly long Start = new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void Stored_form_is_small()
    {
        var (ring, webhooks) = SlidingWindow.Full(new WindowParameters(new QuotaOptions()), Exactly(Start)).ToBytes();
        Assert.InRange(ring.Length + webhooks.Length, 1, 3000);
    }

    [Fact]
    public void Stored_form_reads_back_as_it_was()
    {
        var window = Take(Take(Empty(new QuotaOptions()), 25, Start), 7, Start + TimeSpan.TicksPerMinute, Webhooks);

        var read = Read(window, new QuotaOptions(), Start + TimeSpan.TicksPerMinute);

        Assert.NotNull(read);
        Assert.Equal(window.ToBytes().Ring, read.ToBytes().Ring);
        Assert.Equal(window.ToBytes().Webhooks, read.ToBytes().Webhooks);
    }

    [Fact]
    public void No_changed_byte_goes_unnoticed()
    {
        var parameters = new WindowParameters(new QuotaOptions());
        var ring = Take(Empty(new QuotaOptions()), 25, Start).ToBytes().Ring;
        for (var i = 0; i < ring.Length; i++)
        {
            ring[i] ^= 0x10;
            Assert.Null(SlidingWindow.Read(Stored(ring, []), parameters, Exactly(Start)));
            Assert.False(SlidingWindow.IsNewer(ring));
            ring[i] ^= 0x10;
        }

        Assert.Null(SlidingWindow.Read(Stored(ring[..^1], []), parameters, Exactly(Start)));
        Assert.Null(SlidingWindow.Read(Stored([], []), parameters, Exactly(Start)));
    }

    [Fact]
    public void Window_of_the_version_before_counts_with_no_webhooks()
    {
        var options = new QuotaOptions();
        var window = Take(Empty(options), 3000, Start, Webhooks);

        var read = SlidingWindow.Read(Stored(window.ToBytes().Ring, []), new WindowParameters(options), Exactly(Start))!;

        Assert.Equal(3000, read.Used(Exactly(Start)));
        Assert.Equal(0, window.Free(QuotaClass.Webhook, Exactly(Start)));
        Assert.Equal(800, read.Free(QuotaClass.Webhook, Exactly(Start)));
    }

    [Fact]
    public void Window_from_the_far_future_is_not_believed()
    {
        var window = SlidingWindow.Empty(new WindowParameters(new QuotaOptions()), Exactly(Start + 2 * TimeSpan.TicksPerHour));
        Assert.Null(Read(window, new QuotaOptions(), Start));
    }

    [Theory]
    [InlineData(1, 3600)]
    [InlineData(7, 3600)]
    [InlineData(60, 3600)]
    [InlineData(5, 1800)]
    [InlineData(5, 7200)]
    public void Other_slots_keep_what_is_counted_and_let_nothing_go_earlier(int slotSeconds, int windowSeconds)
    {
        var before = new WindowParameters(new QuotaOptions());
        var changed = new QuotaOptions { SlotLength = TimeSpan.FromSeconds(slotSeconds), Window = TimeSpan.FromSeconds(windowSeconds) };
        var after = new WindowParameters(changed);
        var random = new Random(slotSeconds);
        var window = SlidingWindow.Empty(before, Exactly(Start));
        var grants = new List<(long At, int Permits)>();
        for (var now = Start; now < Start + TimeSpan.TicksPerMinute * 20; now += random.Next(1, 60) * TimeSpan.TicksPerSecond)
        {
            var permits = random.Next(1, 26);
            window = Take(window, permits, now);
            grants.Add((now, permits));
        }

        var changedAt = Start + TimeSpan.TicksPerMinute * 20;
        var fitted = Read(window, changed, changedAt)!;

        Assert.Equal(window.Used(Exactly(changedAt)), fitted.Used(Exactly(changedAt)));
        for (var now = changedAt; now < changedAt + 2 * after.Hold; now += TimeSpan.TicksPerSecond)
        {
            var due = grants.Where(grant => grant.At + after.Hold > now).Sum(grant => grant.Permits);
            Assert.True(fitted.Used(Exactly(now)) >= due, "Permits stopped counting before their time.");
        }

        Assert.Equal(0, fitted.Used(Exactly(changedAt + after.Hold + 2 * Math.Max(before.SlotLength, after.SlotLength))));
    }

    [Fact]
    public void Other_limit_takes_effect_at_once()
    {
        var window = Take(Empty(new QuotaOptions { Limit = 100 }), 60, Start);

        Assert.Equal(0, Read(window, new QuotaOptions { Limit = 50 }, Start)!.Free(QuotaClass.Submission, Exactly(Start)));
        Assert.Equal(140, Read(window, new QuotaOptions { Limit = 200 }, Start)!.Free(QuotaClass.Submission, Exactly(Start)));
    }

    [Theory]
    [InlineData(new[] { 900, 900, 900, 900 }, new[] { 900, 900, 900, 600 })]
    [InlineData(new[] { 4000, 4000, 4000, 4000 }, new[] { 4000, 0, 0, 0 })]
    [InlineData(new[] { 0, 4000, 4000, 4000 }, new[] { 0, 3000, 400, 0 })]
    [InlineData(new[] { 0, 0, 4000, 4000 }, new[] { 0, 0, 3400, 0 })]
    [InlineData(new[] { 0, 0, 0, 4000 }, new[] { 0, 0, 0, 3300 })]
    public void Class_is_granted_up_to_its_ceiling(int[] wanted, int[] granted)
        => Assert.Equal(granted, Empty(new QuotaOptions()).Exchange(new GrantRequest(wanted), Exactly(Start)).Granted);

    [Fact]
    public void Wait_that_is_named_is_enough_and_not_a_tick_too_long()
    {
        var window = Take(Take(Empty(new QuotaOptions { Limit = 10 }), 4, Start), 6, Start + TimeSpan.TicksPerMinute);
        var now = Start + 2 * TimeSpan.TicksPerMinute;

        var wait = window.Exchange(new GrantRequest([5]), Exactly(now)).Waits[Submissions];

        Assert.Equal(0, window.Free(QuotaClass.Submission, Exactly(now + wait - 1)));
        Assert.Equal(4, window.Free(QuotaClass.Submission, Exactly(now + wait)));
    }

    [Fact]
    public void Block_without_a_time_doubles_if_it_comes_again_soon()
    {
        var window = Empty(new QuotaOptions());
        var (lengths, now) = (new List<TimeSpan>(), Start);
        for (var i = 0; i < 9; i++)
        {
            window = window.Exchange(Refused(), Exactly(now)).Window;
            lengths.Add(TimeSpan.FromTicks(window.BlockedUntil - now));
            // A refusal whose request was on its way already changes nothing.
            Assert.Same(window, window.Exchange(Refused(), Exactly(now + 1)).Window);
            now = window.BlockedUntil + TimeSpan.TicksPerMinute;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], lengths.Select(length => length.TotalMinutes));
        now += 2 * TimeSpan.TicksPerHour;
        Assert.Equal(now + TimeSpan.TicksPerMinute, window.Exchange(Refused(), Exactly(now)).Window.BlockedUntil);

        static GrantRequest Refused() => new([], TimeSpan.TicksPerMinute, Doubles: true);
    }

    [Fact]
    public void Block_lasts_a_window_at_most_and_can_be_lifted()
    {
        var blocked = Empty(new QuotaOptions()).Exchange(new GrantRequest([1], Block: TimeSpan.TicksPerDay), Exactly(Start));
        var lifted = blocked.Window.Exchange(new GrantRequest([1], Unblock: true), Exactly(Start));

        Assert.Equal((true, 0, TimeSpan.TicksPerHour), (blocked.Blocked, blocked.Granted[0], blocked.Waits[0]));
        Assert.Equal((false, 1), (lifted.Blocked, lifted.Granted[0]));
    }

    [Fact]
    public void Curve_shows_when_permits_were_granted()
    {
        var window = Take(Take(Empty(new QuotaOptions()), 10, Start), 20, Start + 30 * TimeSpan.TicksPerMinute);

        var (from, permits) = window.Curve(Exactly(Start + 50 * TimeSpan.TicksPerMinute), points: 60);

        Assert.Equal((60, 30), (permits.Length, permits.Sum()));
        var peak = from + Array.IndexOf(permits, 20) * TimeSpan.TicksPerMinute;
        Assert.InRange(Start + 30 * TimeSpan.TicksPerMinute, peak, peak + TimeSpan.TicksPerMinute);
    }

    private static SlidingWindow Empty(QuotaOptions options) => SlidingWindow.Empty(new WindowParameters(options), Exactly(Start));

    private static SlidingWindow Take(SlidingWindow window, int permits, long now, int priority = Submissions)
    {
        var wanted = new int[priority + 1];
        wanted[priority] = permits;
        var result = window.Exchange(new GrantRequest(wanted), Exactly(now));
        Assert.Equal(permits, result.Granted[priority]);
        return result.Window;
    }

    private static SlidingWindow? Read(SlidingWindow window, QuotaOptions options, long now)
        => SlidingWindow.Read(Stored(window.ToBytes().Ring, window.ToBytes().Webhooks), new WindowParameters(options), Exactly(now));

    private static StoredWindow Stored(byte[] ring, byte[] webhooks)
        => new(ring, webhooks, new ETag("1"), new DateTimeOffset(Start, TimeSpan.Zero));

    private static ServerTime Exactly(long time) => new(time, time);
}
