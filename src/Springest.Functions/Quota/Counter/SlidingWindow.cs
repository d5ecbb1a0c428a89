using System.Security.Cryptography;

namespace Springest.Functions.Quota.Counter;

/// <summary>
/// The permits of one key granted lately, counted in slots of time. Pure: it neither reads a clock nor does I/O, and never changes.
/// </summary>
/// <remarks>
/// Why no window of the server's ever holds more than the limit. A grant is asked for at the moment s by a conditional write
/// that takes effect at c, s &lt;= c; the windows so written follow one another in one order. Its requests are sent before
/// s + life, since the client checks the permit's age when it sends, and each is given up after an attempt's time, which is at most
/// the slack; so they reach the server in [c, s + life + slack]. The grant is dated with the latest that s can be, rounded up to its
/// slot's end, and stops counting only when the earliest that the present can be is window + life + slack
/// (<see cref="WindowParameters.Hold"/>) past that: so a grant h leaves out a grant g only if c(h) >= s(g) + life + slack + window.
/// Take any moment t, and the last grant h with c(h) &lt;= t. A request that reached the server in (t - window, t] belongs to h or to
/// a grant g before it with s(g) + life + slack > t - window >= c(h) - window, which h counted. And h counted at most the limit. How
/// long a write takes, and what the instances' own clocks show, does not matter.
///
/// What it costs: a permit counts for at most hold + one slot + the width of the store's time at both ends. By default that is
/// 3625 + 5 + 2 = 3632 s, so 4000 permits renew 4000 * 3600 / 3632 = 3964 times an hour.
/// </remarks>
public sealed class SlidingWindow
{
    // A later format keeps the first byte and the checksum, by which one that is newer is told from one that is broken.
    private const byte Version = 1;
    private const int CountsAt = 1 + 3 * sizeof(long);
    private const int ChecksumLength = 8;

    private readonly WindowParameters _parameters;
    private readonly long _newest;
    private readonly ushort[] _all; // oldest slot first
    private readonly ushort[] _webhooks;
    private readonly long _blockLength;

    private SlidingWindow(WindowParameters parameters, long newest, ushort[] all, ushort[] webhooks, long blockedUntil, long blockLength)
    {
        (_parameters, _newest, _all, _webhooks) = (parameters, newest, all, webhooks);
        (BlockedUntil, _blockLength) = (blockedUntil, blockLength);
    }

    /// <summary>Until when the server wants no requests, in the store's time; in the past if it said nothing of the kind.</summary>
    public long BlockedUntil { get; }

    private long Oldest => _newest - _all.Length + 1;

    /// <summary>A window with nothing counted.</summary>
    public static SlidingWindow Empty(WindowParameters parameters, ServerTime now)
        => new(parameters, now.Latest / parameters.SlotLength, new ushort[parameters.Slots], new ushort[parameters.Slots], 0, 0);

    /// <summary>A window that grants nothing until what may have been granted before has run out.</summary>
    public static SlidingWindow Full(WindowParameters parameters, ServerTime now)
    {
        var window = Empty(parameters, now);
        window._all[^1] = (ushort)parameters.Limit;
        return window;
    }

    /// <summary>True for a stored form that a later version of the app has written.</summary>
    public static bool IsNewer(byte[] ring) => IsWhole(ring) && ring[0] > Version;

    /// <summary>The window in its stored form, fitted to the parameters; null if this is none, or one from an impossible future.</summary>
    internal static SlidingWindow? Read(StoredWindow stored, WindowParameters parameters, ServerTime now)
    {
        if (Unpack(stored.Ring) is not { } all || all.Newest > (now.Latest + parameters.Hold) / all.SlotLength)
            return null;
        // The version before this one did not count webhooks apart: what is not known to be theirs is not held against them.
        var webhooks = Unpack(stored.Webhooks);
        var theirs = webhooks?.Newest == all.Newest && webhooks?.SlotLength == all.SlotLength ? webhooks.Value : default;

        // Of another shape, every count moves to the slot that ends with its own or later.
        long SlotOf(long slot) => ((slot + 1) * all.SlotLength - 1) / parameters.SlotLength;
        ushort[] Fit(ushort[] counts)
            => Move(counts, 0, i => SlotOf(all.Newest - counts.Length + 1 + i) - SlotOf(all.Newest), parameters.Slots);
        return new SlidingWindow(parameters, SlotOf(all.Newest), Fit(all.Counts), Fit(theirs.Counts ?? []), all.Block, theirs.Block);
    }

    /// <summary>The stored form: the permits of all classes with the block's end, and those of webhooks with the block's length.</summary>
    public (byte[] Ring, byte[] Webhooks) ToBytes() => (Pack(BlockedUntil, _all), Pack(_blockLength, _webhooks));

    /// <summary>Permits that count against the limit.</summary>
    public int Used(ServerTime now) => Sum(_all, FirstLive(now));

    /// <summary>Permits that a class could be granted now.</summary>
    public int Free(QuotaClass priority, ServerTime now)
    {
        var free = _parameters.Ceiling(priority) - Sum(_all, FirstLive(now));
        if (priority == QuotaClass.Webhook)
            free = Math.Min(free, _parameters.WebhooksAlone - Sum(_webhooks, FirstLive(now)));
        return Math.Max(0, free);
    }

    /// <summary>What was granted in the window that ends with the newest slot, in equal spans, and where they begin.</summary>
    public (long From, int[] Permits) Curve(ServerTime now, int points)
    {
        var span = _parameters.Window / points;
        var end = (Math.Max(_newest, now.Latest / _parameters.SlotLength) + 1) * _parameters.SlotLength;
        var permits = new int[points];
        for (var i = FirstLive(now); i < _all.Length; i++)
        {
            var point = points - 1 - (end - (Oldest + i + 1) * _parameters.SlotLength) / span;
            if (point >= 0)
                permits[point] += _all[i];
        }

        return (end - points * span, permits);
    }

    /// <summary>Blocks, unblocks and grants, as asked; the classes in order of precedence, each up to its ceiling.</summary>
    public GrantResult Exchange(GrantRequest request, ServerTime now)
    {
        var window = request.Unblock && BlockedUntil > now.Earliest ? WithBlock(0, 0) : this;
        if (request.Block > 0)
            window = window.Block(request, now);
        var (classes, granted, waits) = (request.Wanted.Length, new int[request.Wanted.Length], new long[request.Wanted.Length]);
        if (window.BlockedUntil > now.Earliest)
        {
            Array.Fill(waits, window.BlockedUntil - now.Earliest);
            return new GrantResult(window, granted, waits, true);
        }

        for (var c = 0; c < classes; c++)
        {
            granted[c] = Math.Min(request.Wanted[c], window.Free((QuotaClass)c, now));
            if (granted[c] > 0)
                window = window.Grant((QuotaClass)c, granted[c], now);
        }

        for (var c = 0; c < classes; c++)
            waits[c] = granted[c] < request.Wanted[c] ? window.TimeUntilFree((QuotaClass)c, now) : 0;
        return new GrantResult(window, granted, waits, false);
    }

    private SlidingWindow Grant(QuotaClass priority, int permits, ServerTime now)
    {
        // The newest slot is the present one. What leaves at the other end before its time is kept in the oldest slot.
        var newest = Math.Max(_newest, now.Latest / _parameters.SlotLength);
        ushort[] Advance(ushort[] counts) => Move(counts, FirstLive(now), i => i - counts.Length + 1 - (newest - _newest), counts.Length);
        var (all, webhooks) = (Advance(_all), Advance(_webhooks));
        all[^1] += (ushort)permits;
        if (priority == QuotaClass.Webhook)
            webhooks[^1] += (ushort)permits;
        return new SlidingWindow(_parameters, newest, all, webhooks, BlockedUntil, _blockLength);
    }

    // While one block lasts, a refusal whose request was on its way by then makes it no longer.
    private SlidingWindow Block(GrantRequest request, ServerTime now)
    {
        var length = Math.Min(request.Block, _parameters.Window);
        if (!request.Doubles)
            return WithBlock(Math.Max(BlockedUntil, now.Latest + length), 0);
        if (BlockedUntil > now.Earliest)
            return this;
        var soon = Math.Max(_blockLength, 10 * _parameters.BlockTime);
        var again = _blockLength > 0 && now.Earliest < BlockedUntil + soon;
        length = again ? Math.Min(2 * _blockLength, _parameters.Window) : _parameters.BlockTime;
        return WithBlock(now.Latest + length, length);
    }

    private SlidingWindow WithBlock(long until, long length) => new(_parameters, _newest, _all, _webhooks, until, length);

    // Until enough of the oldest permits have run out for one more to be granted.
    private long TimeUntilFree(QuotaClass priority, ServerTime now)
    {
        var wait = TimeUntil(_all, _parameters.Ceiling(priority), now);
        return priority == QuotaClass.Webhook ? Math.Max(wait, TimeUntil(_webhooks, _parameters.WebhooksAlone, now)) : wait;
    }

    private long TimeUntil(ushort[] counts, int ceiling, ServerTime now)
    {
        var used = Sum(counts, FirstLive(now));
        var i = FirstLive(now);
        while (used >= ceiling)
            used -= counts[i++];
        return i == FirstLive(now) ? 0 : (Oldest + i) * _parameters.SlotLength + _parameters.Hold - now.Earliest;
    }

    private static int Sum(ushort[] counts, int first)
    {
        var sum = 0;
        for (var i = first; i < counts.Length; i++)
            sum += counts[i];
        return sum;
    }

    // A slot counts until its end is past by the hold.
    private int FirstLive(ServerTime now)
        => (int)Math.Clamp((now.Earliest - _parameters.Hold) / _parameters.SlotLength - Oldest, 0, _all.Length);

    // Counts from an index on, each at its new place before the newest slot, which is 0; what is before the oldest goes there.
    private static ushort[] Move(ushort[] counts, int first, Func<int, long> placeOf, int length)
    {
        var moved = new ushort[length];
        for (var i = first; i < counts.Length; i++)
        {
            ref var count = ref moved[Math.Max(0, length - 1 + placeOf(i))];
            count = (ushort)Math.Min(ushort.MaxValue, count + counts[i]);
        }

        return moved;
    }

    private byte[] Pack(long block, ushort[] counts)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes); // little-endian
        writer.Write(Version);
        writer.Write(_parameters.SlotLength);
        writer.Write(_newest);
        writer.Write(block);
        foreach (var count in counts)
            writer.Write(count);
        writer.Write(Checksum(bytes.ToArray()));
        return bytes.ToArray();
    }

    private static (long SlotLength, long Newest, long Block, ushort[] Counts)? Unpack(byte[] bytes)
    {
        if (!IsWhole(bytes) || bytes[0] != Version)
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, 1, bytes.Length - 1));
        var (slotLength, newest, block) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var counts = new ushort[(bytes.Length - CountsAt - ChecksumLength) / sizeof(ushort)];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = reader.ReadUInt16();
        return (slotLength, newest, block, counts);
    }

    private static bool IsWhole(byte[] bytes)
        => bytes.Length >= CountsAt + sizeof(ushort) + ChecksumLength
            && bytes.AsSpan(^ChecksumLength..).SequenceEqual(Checksum(bytes.AsSpan(..^ChecksumLength)));

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, ChecksumLength);
}
