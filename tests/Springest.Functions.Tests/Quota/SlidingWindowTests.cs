using System.Security.Cryptography;
using Azure;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Counter;
using ServerTime = Springest.Functions.Quota.Counter.SlidingWindow.ServerTime;

namespace Springest.Functions.Tests.Quota;

public sealed class SlidingWindowTests
{
    private static readonly long Start = new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void Stored_form_is_small()
    {
        var (ring, webhooks) = SlidingWindow.Full(new QuotaOptions(), Exactly(Start)).ToBytes();
        Assert.InRange(ring.Length + webhooks.Length, 1, 3000);
    }

    [Fact]
    public void Stored_form_reads_back_as_it_was()
    {
        var options = new QuotaOptions();
        var later = Start + TimeSpan.TicksPerMinute;
        var stored = Take(Take(Empty(options), options, 25, Start), options, 7, later, QuotaClass.Webhook);

        var read = Read(stored, options, later);

        Assert.NotNull(read);
        Assert.False(read.HasChanged);
        Assert.Equal(stored.Ring, read.ToBytes().Ring);
        Assert.Equal(stored.Webhooks, read.ToBytes().Webhooks);
    }

    [Fact]
    public void Stored_form_is_a_version_a_ring_and_a_checksum()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes); // little-endian
        writer.Write((byte)1);
        writer.Write(5 * TimeSpan.TicksPerSecond);
        writer.Write(Start / (5 * TimeSpan.TicksPerSecond));
        writer.Write(0L);
        for (var slot = 0; slot < 726; slot++)
            writer.Write((ushort)0);
        writer.Write((ushort)25);
        writer.Write(SHA256.HashData(bytes.ToArray()).AsSpan(0, 8));

        var window = SlidingWindow.Empty(new QuotaOptions(), Exactly(Start));
        window.Grant(QuotaClass.Submission, 25);

        Assert.Equal(bytes.ToArray(), window.ToBytes().Ring);
    }

    [Fact]
    public void No_changed_byte_goes_unnoticed()
    {
        var options = new QuotaOptions();
        var ring = Take(Empty(options), options, 25, Start).Ring;
        for (var i = 0; i < ring.Length; i++)
        {
            ring[i] ^= 0x10;
            Assert.Null(Read(Stored(ring, []), options, Start));
            Assert.False(Ring.IsNewer(ring));
            ring[i] ^= 0x10;
        }

        Assert.Null(Read(Stored(ring[..^1], []), options, Start));
        Assert.Null(Read(Stored([], []), options, Start));
    }

    [Fact]
    public void Window_of_the_version_before_counts_with_no_webhooks()
    {
        var options = new QuotaOptions();
        var stored = Take(Empty(options), options, 3000, Start, QuotaClass.Webhook);

        var (read, before) = (Read(stored, options, Start)!, Read(stored with { Webhooks = [] }, options, Start)!);

        Assert.Equal((3000, 0), (read.Used, read.Free(QuotaClass.Webhook)));
        Assert.Equal((3000, 800), (before.Used, before.Free(QuotaClass.Webhook)));
    }

    [Fact]
    public void Window_from_the_far_future_is_not_believed()
    {
        var window = SlidingWindow.Empty(new QuotaOptions(), Exactly(Start + 2 * TimeSpan.TicksPerHour));
        Assert.Null(Read(Stored(window), new QuotaOptions(), Start));
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(1800)]
    [InlineData(5000)]
    [InlineData(7200)]
    [InlineData(86400)]
    public void Other_slots_keep_what_is_counted_and_let_nothing_go_earlier(int windowSeconds)
    {
        var (before, after) = (new QuotaOptions(), new QuotaOptions { Window = TimeSpan.FromSeconds(windowSeconds) });
        var hold = after.Hold.Ticks;
        var random = new Random(windowSeconds);
        var stored = Empty(before);
        var grants = new List<(long At, int Permits)>();
        for (var now = Start; now < Start + TimeSpan.TicksPerMinute * 20; now += random.Next(1, 60) * TimeSpan.TicksPerSecond)
        {
            var permits = random.Next(1, 26);
            stored = Take(stored, before, permits, now);
            grants.Add((now, permits));
        }

        var changedAt = Start + TimeSpan.TicksPerMinute * 20;
        var fitted = Stored(Read(stored, after, changedAt)!);

        Assert.Equal(grants.Sum(grant => grant.Permits), Used(fitted, after, changedAt));
        for (var now = changedAt; now < changedAt + 2 * hold; now += hold / 3600)
        {
            var due = grants.Where(grant => grant.At + hold > now).Sum(grant => grant.Permits);
            Assert.True(Used(fitted, after, now) >= due, "Permits stopped counting before their time.");
        }

        Assert.Equal(0, Used(fitted, after, changedAt + hold + 2 * Math.Max(before.Hold.Ticks, hold) / 725));
    }

    [Fact]
    public void Other_limit_takes_effect_at_once()
    {
        var options = new QuotaOptions { Limit = 100 };
        var stored = Take(Empty(options), options, 60, Start);

        Assert.Equal(0, Read(stored, new QuotaOptions { Limit = 50 }, Start)!.Free(QuotaClass.Submission));
        Assert.Equal(140, Read(stored, new QuotaOptions { Limit = 200 }, Start)!.Free(QuotaClass.Submission));
    }

    [Fact]
    public void Permit_counts_while_its_request_may_arrive_within_the_window_and_at_most_a_slot_longer()
    {
        var options = new QuotaOptions();
        for (var second = 0; second < 5; second++)
        {
            var stored = Take(Empty(options), options, 1, Start + second * TimeSpan.TicksPerSecond);
            var end = Start + TimeSpan.TicksPerSecond * second + options.Hold.Ticks;

            Assert.Equal(1, Used(stored, options, end));
            Assert.Equal(0, Used(stored, options, end + 5 * TimeSpan.TicksPerSecond));
        }
    }

    [Theory]
    [InlineData(new[] { 900, 900, 900, 900 }, new[] { 900, 900, 900, 600 })]
    [InlineData(new[] { 4000, 4000, 4000, 4000 }, new[] { 4000, 0, 0, 0 })]
    [InlineData(new[] { 0, 4000, 4000, 4000 }, new[] { 0, 3000, 400, 0 })]
    [InlineData(new[] { 0, 0, 4000, 4000 }, new[] { 0, 0, 3400, 0 })]
    [InlineData(new[] { 0, 0, 0, 4000 }, new[] { 0, 0, 0, 3300 })]
    public void Class_is_granted_up_to_its_ceiling(int[] wanted, int[] granted)
    {
        var window = SlidingWindow.Empty(new QuotaOptions(), Exactly(Start));
        Assert.Equal(granted, wanted.Select((permits, priority) => window.Grant((QuotaClass)priority, permits)));
    }

    [Fact]
    public void Wait_that_is_named_is_enough_and_not_a_tick_too_long()
    {
        var options = new QuotaOptions { Limit = 10 };
        var stored = Take(Take(Empty(options), options, 4, Start), options, 6, Start + TimeSpan.TicksPerMinute);
        var now = Start + 2 * TimeSpan.TicksPerMinute;

        var wait = Read(stored, options, now)!.WaitOf(QuotaClass.Submission);

        Assert.Equal(0, Read(stored, options, now + wait - 1)!.Free(QuotaClass.Submission));
        Assert.Equal(4, Read(stored, options, now + wait)!.Free(QuotaClass.Submission));
        Assert.Equal(0, Read(stored, options, now + wait)!.WaitOf(QuotaClass.Submission));
    }

    [Fact]
    public void Block_without_a_time_doubles_if_it_comes_again_soon()
    {
        var options = new QuotaOptions();
        var (stored, lengths, now) = (Empty(options), new List<TimeSpan>(), Start);
        for (var i = 0; i < 9; i++)
        {
            var window = Refuse(stored, now);
            (stored, lengths) = (Stored(window), [.. lengths, TimeSpan.FromTicks(window.BlockedUntil - now)]);
            // A refusal whose request was on its way already changes nothing.
            Assert.False(Refuse(stored, now + 1).HasChanged);
            now = window.BlockedUntil + TimeSpan.TicksPerMinute;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], lengths.Select(length => length.TotalMinutes));
        now += 2 * TimeSpan.TicksPerHour;
        Assert.Equal(now + TimeSpan.TicksPerMinute, Refuse(stored, now).BlockedUntil);

        SlidingWindow Refuse(StoredWindow stored, long now)
        {
            var window = Read(stored, options, now)!;
            window.Block(null);
            return window;
        }
    }

    [Fact]
    public void Block_lasts_a_window_at_most_and_can_be_lifted()
    {
        var window = SlidingWindow.Empty(new QuotaOptions(), Exactly(Start));

        window.Block(TimeSpan.TicksPerDay);
        Assert.Equal((true, TimeSpan.TicksPerHour), (window.IsBlocked, window.WaitOf(QuotaClass.Submission)));
        Assert.Equal(0, window.Grant(QuotaClass.Submission, 1));

        window.Unblock();
        Assert.Equal((false, 0), (window.IsBlocked, window.WaitOf(QuotaClass.Submission)));
        Assert.Equal(1, window.Grant(QuotaClass.Submission, 1));
    }

    // The service's time has whole seconds: a slot is the newest before the one that leaves for it has run out.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Permits_return_while_others_are_granted(int seconds)
    {
        var options = new QuotaOptions();
        var stored = Take(Empty(options), options, 3000, Start);
        for (var second = 3000; second < 3700; second++)
        {
            var earliest = Start + second * TimeSpan.TicksPerSecond;
            var window = SlidingWindow.Read(stored, options, new(earliest, earliest + seconds * TimeSpan.TicksPerSecond))!;
            window.Grant(QuotaClass.Submission, 1);
            stored = Stored(window);
        }

        Assert.Equal(700, Used(stored, options, Start + 3700 * TimeSpan.TicksPerSecond));
    }

    // As during a deployment that changes them.
    [Fact]
    public void Instances_with_other_settings_do_not_move_the_ring_into_the_future()
    {
        QuotaOptions[] options = [new(), new() { LongestAttempt = TimeSpan.FromSeconds(20) }];
        var stored = Empty(options[0]);
        for (var second = 0; second < 7200; second++)
            stored = Take(stored, options[second % 2], 1, Start + second * TimeSpan.TicksPerSecond);

        Assert.InRange(Used(stored, options[0], Start + 7200 * TimeSpan.TicksPerSecond), 3600, 3650);
        Assert.Equal(0, Used(stored, options[1], Start + (7200 + 3640) * TimeSpan.TicksPerSecond));
    }

    [Fact]
    public void Curve_shows_when_permits_were_granted()
    {
        var options = new QuotaOptions();
        var stored = Take(Take(Empty(options), options, 10, Start), options, 20, Start + 30 * TimeSpan.TicksPerMinute);

        var (from, permits) = Read(stored, options, Start + 50 * TimeSpan.TicksPerMinute)!.Curve(points: 60);

        Assert.Equal((60, 30), (permits.Length, permits.Sum()));
        var peak = from + Array.IndexOf(permits, 20) * TimeSpan.TicksPerMinute;
        Assert.InRange(Start + 30 * TimeSpan.TicksPerMinute, peak, peak + TimeSpan.TicksPerMinute);
    }

    private static StoredWindow Empty(QuotaOptions options) => Stored(SlidingWindow.Empty(options, Exactly(Start)));

    private static StoredWindow Take(
        StoredWindow stored, QuotaOptions options, int permits, long now, QuotaClass priority = QuotaClass.Submission)
    {
        var window = Read(stored, options, now)!;
        Assert.Equal(permits, window.Grant(priority, permits));
        return Stored(window);
    }

    private static int Used(StoredWindow stored, QuotaOptions options, long now) => Read(stored, options, now)!.Used;

    private static SlidingWindow? Read(StoredWindow stored, QuotaOptions options, long now)
        => SlidingWindow.Read(stored, options, Exactly(now));

    private static StoredWindow Stored(SlidingWindow window) => Stored(window.ToBytes().Ring, window.ToBytes().Webhooks);

    private static StoredWindow Stored(byte[] ring, byte[] webhooks)
        => new(ring, webhooks, new ETag("1"), new DateTimeOffset(Start, TimeSpan.Zero));

    private static ServerTime Exactly(long time) => new(time, time);
}
