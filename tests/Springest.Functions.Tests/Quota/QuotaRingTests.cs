using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

public sealed class QuotaRingTests
{
    private static readonly long Start = new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void At_least_3960_of_4000_permits_are_usable_in_every_hour_of_saturation()
    {
        var shape = new QuotaShape(new QuotaOptions());
        // As wide as the store's time gets: a second of its dates, and a slow answer.
        StoreTime At(long time) => new(time - TimeSpan.TicksPerSecond, time + TimeSpan.TicksPerSecond);

        var ring = QuotaRing.Empty(shape, At(Start));
        var grants = new List<(long At, int Permits)>();
        for (var now = Start; now < Start + 12 * TimeSpan.TicksPerHour;)
        {
            var outcome = ring.Exchange(new QuotaRequest(QuotaClass.Submission, 1, 25), At(now));
            ring = outcome.Ring;
            if (outcome.Granted > 0)
                grants.Add((now, outcome.Granted));
            // Ten requests a second while there are permits; otherwise the wait, and half a second of a late timer.
            now += outcome.Granted > 0 ? outcome.Granted * TimeSpan.TicksPerSecond / 10 : outcome.Wait + TimeSpan.TicksPerSecond / 2;
        }

        var (from, hours) = (Start + TimeSpan.TicksPerHour, 10);
        var perHour = grants.Where(grant => grant.At >= from && grant.At < from + hours * shape.Hold).Sum(grant => grant.Permits)
                      * (double)TimeSpan.TicksPerHour / (hours * shape.Hold);
        Assert.InRange(perHour, 3960, 4000);
    }

    [Fact]
    public void The_stored_form_is_small()
    {
        var now = Exactly(Start);
        Assert.InRange(QuotaRing.Full(new QuotaShape(new QuotaOptions()), now).ToBytes().Length, 1, 1500);
    }

    [Fact]
    public void The_stored_form_reads_back_as_it_was()
    {
        var shape = new QuotaShape(new QuotaOptions());
        var ring = Take(Take(QuotaRing.Empty(shape, Exactly(Start)), 25, Start), 7, Start + TimeSpan.TicksPerMinute);

        var read = QuotaRing.Read(ring.ToBytes(), shape, Exactly(Start + TimeSpan.TicksPerMinute));

        Assert.NotNull(read);
        Assert.Equal(ring.ToBytes(), read.ToBytes());
    }

    [Fact]
    public void No_changed_byte_goes_unnoticed()
    {
        var shape = new QuotaShape(new QuotaOptions());
        var bytes = Take(QuotaRing.Empty(shape, Exactly(Start)), 25, Start).ToBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.Null(QuotaRing.Read(bytes, shape, Exactly(Start)));
            bytes[i] ^= 0x10;
        }

        Assert.Null(QuotaRing.Read(bytes.AsSpan(0, bytes.Length - 1), shape, Exactly(Start)));
        Assert.Null(QuotaRing.Read([], shape, Exactly(Start)));
    }

    [Fact]
    public void A_ring_from_the_far_future_is_not_believed()
    {
        var shape = new QuotaShape(new QuotaOptions());
        var bytes = QuotaRing.Empty(shape, Exactly(Start + 2 * TimeSpan.TicksPerHour)).ToBytes();

        Assert.Null(QuotaRing.Read(bytes, shape, Exactly(Start)));
    }

    [Theory]
    [InlineData(1, 3600)]
    [InlineData(7, 3600)]
    [InlineData(60, 3600)]
    [InlineData(5, 1800)]
    [InlineData(5, 7200)]
    public void Other_slots_keep_what_is_counted_and_let_nothing_go_earlier(int slotSeconds, int windowSeconds)
    {
        var before = new QuotaShape(new QuotaOptions());
        var after = new QuotaShape(new QuotaOptions { SlotLength = TimeSpan.FromSeconds(slotSeconds), Window = TimeSpan.FromSeconds(windowSeconds) });
        var random = new Random(slotSeconds);
        var ring = QuotaRing.Empty(before, Exactly(Start));
        var grants = new List<(long At, int Permits)>();
        for (var now = Start; now < Start + TimeSpan.TicksPerMinute * 20; now += random.Next(1, 60) * TimeSpan.TicksPerSecond)
        {
            var permits = random.Next(1, 26);
            ring = Take(ring, permits, now);
            grants.Add((now, permits));
        }

        var changedAt = Start + TimeSpan.TicksPerMinute * 20;
        var changed = QuotaRing.Read(ring.ToBytes(), after, Exactly(changedAt))!;

        Assert.Equal(ring.Used(Exactly(changedAt)), changed.Used(Exactly(changedAt)));
        for (var now = changedAt; now < changedAt + 2 * after.Hold; now += TimeSpan.TicksPerSecond)
        {
            var due = grants.Where(grant => grant.At + after.Hold > now).Sum(grant => grant.Permits);
            Assert.True(changed.Used(Exactly(now)) >= due, "Permits stopped counting before their time.");
        }

        Assert.Equal(0, changed.Used(Exactly(changedAt + after.Hold + 2 * Math.Max(before.SlotLength, after.SlotLength))));
    }

    [Fact]
    public void A_lower_limit_takes_effect_at_once_and_a_higher_one_too()
    {
        var ring = Take(QuotaRing.Empty(Shape(100), Exactly(Start)), 60, Start);

        var lower = QuotaRing.Read(ring.ToBytes(), Shape(50), Exactly(Start))!.Exchange(new QuotaRequest(QuotaClass.Submission, 1, 5), Exactly(Start));
        var higher = QuotaRing.Read(ring.ToBytes(), Shape(200), Exactly(Start))!.Exchange(new QuotaRequest(QuotaClass.Submission, 1, 500), Exactly(Start));

        Assert.Equal(0, lower.Granted);
        Assert.True(lower.Wait > TimeSpan.FromMinutes(59).Ticks);
        Assert.Equal(140, higher.Granted);

        static QuotaShape Shape(int limit) => new(new QuotaOptions { Limit = limit, SubmissionReserve = 0, WebhookReserve = 0 });
    }

    [Fact]
    public void The_wait_that_is_named_is_enough_and_not_a_tick_too_long()
    {
        var shape = new QuotaShape(new QuotaOptions { Limit = 10, SubmissionReserve = 0, WebhookReserve = 0 });
        var ring = Take(Take(QuotaRing.Empty(shape, Exactly(Start)), 4, Start), 6, Start + TimeSpan.TicksPerMinute);
        var now = Start + 2 * TimeSpan.TicksPerMinute;

        foreach (var permits in new[] { 1, 4, 5, 10 })
        {
            var request = new QuotaRequest(QuotaClass.Submission, permits, permits);
            var wait = ring.Exchange(request, Exactly(now)).Wait;
            Assert.Equal(0, ring.Exchange(request, Exactly(now + wait - 1)).Granted);
            Assert.Equal(permits, ring.Exchange(request, Exactly(now + wait)).Granted);
        }
    }

    [Fact]
    public void The_curve_shows_when_permits_were_granted()
    {
        var shape = new QuotaShape(new QuotaOptions());
        var ring = Take(QuotaRing.Empty(shape, Exactly(Start)), 10, Start);
        ring = Take(ring, 20, Start + 30 * TimeSpan.TicksPerMinute);
        var now = Start + 50 * TimeSpan.TicksPerMinute;

        var curve = ring.Curve(Exactly(now), points: 60);

        Assert.Equal(60, curve.Count);
        Assert.Equal(30, curve.Sum(point => point.Permits));
        var peak = curve.Single(point => point.Permits == 20);
        Assert.InRange(new DateTimeOffset(Start + 30 * TimeSpan.TicksPerMinute, TimeSpan.Zero), peak.From, peak.From.AddMinutes(1));
    }

    private static QuotaRing Take(QuotaRing ring, int permits, long now)
    {
        var outcome = ring.Exchange(new QuotaRequest(QuotaClass.Submission, permits, permits), Exactly(now));
        Assert.Equal(permits, outcome.Granted);
        return outcome.Ring;
    }

    private static StoreTime Exactly(long time) => new(time, time);
}
