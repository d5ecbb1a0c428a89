using System.Numerics;

namespace Springest.Functions.Quota.Counter;

/// <summary>
/// The permits of one key that count at one moment: read from storage, granted and blocked as asked, and written back. It neither reads a
/// clock nor does I/O. Times are in ticks.
/// </summary>
/// <remarks>Why no window of the server's ever holds more than the limit: docs/limits.md#why-the-limit-holds.</remarks>
internal sealed class SlidingWindow
{
    // The present slot, and those that cover the time for which a permit counts and the width of the service's time, so that what leaves
    // at the other end has run out: of 5 seconds by default.
    private const int Slots = 1 + 726;

    private static readonly long Width = TimeSpan.FromSeconds(5).Ticks;

    // Slots are this long, or twice, or four times, so that they end where those of an instance with other settings do. Otherwise permits
    // would get later dates each time that the ring passes from one to the other.
    private static readonly long Finest = TimeSpan.FromSeconds(5).Ticks / 128;

    private readonly QuotaOptions _options;
    private readonly ServerTime _now;
    private readonly long _slotLength;
    private readonly long _newest;
    private readonly ushort[] _all; // oldest slot first
    private readonly ushort[] _webhooks;
    private long _blockLength;

    private SlidingWindow(QuotaOptions options, ServerTime now, Ring all, Ring webhooks)
    {
        (_options, _now) = (options, now);
        _slotLength = Finest * (long)BitOperations.RoundUpToPowerOf2(
            (ulong)Math.Ceiling((options.Hold.Ticks + Width) / (decimal)(Finest * (Slots - 1))));
        _newest = now.Latest / _slotLength;
        (_all, _webhooks) = (Fit(all), Fit(webhooks));
        (BlockedUntil, _blockLength) = (all.Block, webhooks.Block);
    }

    /// <summary>
    /// What is known of the storage service's clock at one moment: bounds that hold the true time, in ticks since year 1, UTC.
    /// </summary>
    public readonly record struct ServerTime(long Earliest, long Latest);

    /// <summary>Whether it differs from what is stored.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Permits that count against the limit.</summary>
    public int Used => Sum(_all);

    /// <summary>Until when the server wants no requests, in the store's time; in the past if it said nothing of the kind.</summary>
    public long BlockedUntil { get; private set; }

    public bool IsBlocked => BlockedUntil > _now.Earliest;

    /// <summary>A window with nothing counted.</summary>
    public static SlidingWindow Empty(QuotaOptions options, ServerTime now)
        => new(options, now, Ring.None, Ring.None) { HasChanged = true };

    /// <summary>A window that grants nothing until what may have been granted before has run out.</summary>
    public static SlidingWindow Full(QuotaOptions options, ServerTime now)
        => new(options, now, new Ring(1, now.Latest, 0, [(ushort)options.Limit]), Ring.None) { HasChanged = true };

    /// <summary>The window as it was stored, with what still counts; null if this is none, or one from an impossible future.</summary>
    public static SlidingWindow? Read(StoredWindow stored, QuotaOptions options, ServerTime now)
    {
        if (Ring.Read(stored.Ring) is not { } all || all.Newest > (now.Latest + options.Hold.Ticks) / all.SlotLength)
            return null;
        // The version before this one did not count webhooks apart: what is not known to be theirs is not held against them.
        var webhooks = Ring.Read(stored.Webhooks);
        var isTheirs = webhooks?.Newest == all.Newest && webhooks.SlotLength == all.SlotLength;
        return new SlidingWindow(options, now, all, isTheirs ? webhooks! : Ring.None);
    }

    /// <summary>The stored form: the permits of all classes with the block's end, and those of webhooks with the block's length.</summary>
    public (byte[] Ring, byte[] Webhooks) ToBytes()
    {
        byte[] Pack(long block, ushort[] counts) => new Ring(_slotLength, _newest, block, counts).ToBytes();
        return (Pack(BlockedUntil, _all), Pack(_blockLength, _webhooks));
    }

    /// <summary>Permits that a class could be granted, but for a block.</summary>
    public int Free(QuotaClass priority) => Math.Max(0, Limits(priority).Min(limit => limit.Ceiling - Sum(limit.Counts)));

    /// <summary>Counts as many permits as a class wants and may have, and says how many those are.</summary>
    public int Grant(QuotaClass priority, int wanted)
    {
        var granted = wanted == 0 || IsBlocked ? 0 : Math.Min(wanted, Free(priority));
        foreach (var (counts, _) in Limits(priority))
            counts[^1] += (ushort)granted;
        HasChanged |= granted > 0;
        return granted;
    }

    /// <summary>How long until a class can be granted another permit; zero if it can now.</summary>
    public long WaitOf(QuotaClass priority)
        => IsBlocked ? BlockedUntil - _now.Earliest : Limits(priority).Max(limit => TimeUntilFree(limit.Counts, limit.Ceiling));

    /// <summary>Grants nothing for a while, since the server wants no requests.</summary>
    /// <param name="length">For how long, at most a window. Null if it did not say: repeated soon after, such a block is twice as long as
    /// the one before.</param>
    public void Block(long? length)
    {
        var (longest, first) = (_options.Window.Ticks, _options.BlockTime.Ticks);
        if (length is { } named)
        {
            SetBlock(Math.Max(BlockedUntil, _now.Latest + Math.Min(named, longest)), 0);
        }
        else if (!IsBlocked) // while one lasts, a refusal whose request was on its way by then makes it no longer
        {
            var isAgain = _blockLength > 0 && _now.Earliest < BlockedUntil + Math.Max(_blockLength, 10 * first);
            var next = isAgain ? Math.Min(2 * _blockLength, longest) : first;
            SetBlock(_now.Latest + next, next);
        }
    }

    /// <summary>Ends a block.</summary>
    public void Unblock()
    {
        if (IsBlocked)
            SetBlock(0, 0);
    }

    /// <summary>What was granted in the window that ends with the newest slot, in equal spans, and where they begin.</summary>
    public (long From, int[] Permits) Curve(int points)
    {
        var span = _options.Window.Ticks / points;
        var permits = new int[points];
        for (var i = 0; i < Slots; i++)
        {
            var point = points - 1 - (Slots - 1 - i) * _slotLength / span;
            if (point >= 0)
                permits[point] += _all[i];
        }

        return ((_newest + 1) * _slotLength - points * span, permits);
    }

    private void SetBlock(long until, long length) => (BlockedUntil, _blockLength, HasChanged) = (until, length, true);

    // The slot of this window that ends with one of a ring, or after it.
    private long SlotOf(Ring ring, int index) => (ring.EndOf(index) - 1) / _slotLength;

    // What a ring has counted, in this window's slots, but for what has run out: a slot counts until its end is past by the hold. What is
    // dated later than now was asked for by now at the latest.
    private ushort[] Fit(Ring ring)
    {
        var counts = new ushort[Slots];
        for (var i = 0; i < ring.Counts.Length; i++)
        {
            if (ring.Counts[i] == 0)
                continue;
            var slot = SlotOf(ring, i);
            if ((slot + 1) * _slotLength + _options.Hold.Ticks <= _now.Earliest)
                continue;
            ref var count = ref counts[Slots - 1 - Math.Clamp(_newest - slot, 0, Slots - 1)];
            count = (ushort)Math.Min(ushort.MaxValue, count + ring.Counts[i]);
        }

        return counts;
    }

    // What a class may not exceed: its ceiling with the permits of all classes, and webhooks one of their own besides.
    private IEnumerable<(ushort[] Counts, int Ceiling)> Limits(QuotaClass priority)
    {
        yield return (_all, _options.Ceiling(priority));
        if (priority == QuotaClass.Webhook)
            yield return (_webhooks, _options.WebhooksAlone);
    }

    // Until the slot has run out with which, from the newest one back, the ceiling is reached.
    private long TimeUntilFree(ushort[] counts, int ceiling)
    {
        for (var i = Slots - 1; i >= 0; i--)
        {
            ceiling -= counts[i];
            if (ceiling <= 0)
                return (_newest - Slots + i + 2) * _slotLength + _options.Hold.Ticks - _now.Earliest;
        }

        return 0;
    }

    private static int Sum(ushort[] counts) => counts.Sum(count => count);
}
