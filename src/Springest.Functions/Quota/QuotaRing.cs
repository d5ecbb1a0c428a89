using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Springest.Functions.Quota;

/// <summary>
/// The permits of one key granted lately, counted in slots of time. Pure: it neither reads a clock nor does I/O, and never changes.
/// </summary>
/// <remarks>
/// Why no window of the server's ever holds more than the limit. A grant is asked for at the moment s by a conditional write
/// that takes effect at c, s &lt;= c; the rings so written follow one another in one order. Its requests are sent before
/// s + life, since the instance measures the life from s, and reach the server in [c, s + life + slack]. The grant is dated
/// with the latest that s can be, rounded up to its slot's end, and stops counting only when the earliest that the present can
/// be is window + life + slack (<see cref="QuotaShape.Hold"/>) past that: so a grant h leaves out a grant g only if
/// c(h) >= s(g) + life + slack + window. Take any moment t, and the last grant h with c(h) &lt;= t. A request that reached the
/// server in (t - window, t] belongs to h or to a grant g before it with s(g) + life + slack > t - window >= c(h) - window, which h
/// counted. And h counted at most the limit. How long a write takes, and what the instances' own clocks show, does not matter.
///
/// What it costs: a permit counts for at most hold + one slot + the width of the store's time at both ends. By default that is
/// 3625 + 5 + 2 = 3632 s, so 4000 permits renew 4000 * 3600 / 3632 = 3964 times an hour.
/// </remarks>
public sealed class QuotaRing
{
    private const byte Version = 1;
    private const int CountsAt = 1 + 3 * sizeof(long);
    private const int ChecksumLength = 8;

    private readonly QuotaShape _shape;
    private readonly ushort[] _counts; // oldest slot first
    private readonly long _newest;

    private QuotaRing(QuotaShape shape, ushort[] counts, long newest, long blockedUntil)
        => (_shape, _counts, _newest, BlockedUntil) = (shape, counts, newest, blockedUntil);

    /// <summary>Until when the server wants no requests, in the store's time; in the past if it said nothing of the kind.</summary>
    public long BlockedUntil { get; }

    private long Oldest => _newest - _counts.Length + 1;

    /// <summary>A ring with nothing counted.</summary>
    public static QuotaRing Empty(QuotaShape shape, StoreTime now)
        => new(shape, new ushort[shape.Slots], now.Latest / shape.SlotLength, 0);

    /// <summary>A ring that grants nothing until what may have been granted before has run out.</summary>
    public static QuotaRing Full(QuotaShape shape, StoreTime now)
    {
        var ring = Empty(shape, now);
        ring._counts[^1] = (ushort)shape.Limit;
        return ring;
    }

    /// <summary>The ring in its stored form, fitted to the shape; null if this is none, or one from an impossible future.</summary>
    public static QuotaRing? Read(ReadOnlySpan<byte> bytes, QuotaShape shape, StoreTime now)
    {
        if (bytes.Length < CountsAt + sizeof(ushort) + ChecksumLength || bytes[0] != Version)
            return null;
        var content = bytes[..^ChecksumLength];
        if (!bytes[^ChecksumLength..].SequenceEqual(SHA256.HashData(content).AsSpan(0, ChecksumLength)))
            return null;

        var slotLength = BinaryPrimitives.ReadInt64LittleEndian(content[1..]);
        var newest = BinaryPrimitives.ReadInt64LittleEndian(content[9..]);
        var blockedUntil = BinaryPrimitives.ReadInt64LittleEndian(content[17..]);
        if (newest > (now.Latest + shape.Hold) / slotLength)
            return null;

        var counts = new ushort[(content.Length - CountsAt) / sizeof(ushort)];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = BinaryPrimitives.ReadUInt16LittleEndian(content[(CountsAt + i * sizeof(ushort))..]);
        return slotLength == shape.SlotLength && counts.Length == shape.Slots
            ? new QuotaRing(shape, counts, newest, blockedUntil)
            : Fit(shape, counts, newest, slotLength, blockedUntil);
    }

    /// <summary>The stored form.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[CountsAt + _counts.Length * sizeof(ushort) + ChecksumLength];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), _shape.SlotLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), _newest);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(17), BlockedUntil);
        for (var i = 0; i < _counts.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CountsAt + i * sizeof(ushort)), _counts[i]);
        SHA256.HashData(bytes.AsSpan(..^ChecksumLength)).AsSpan(0, ChecksumLength).CopyTo(bytes.AsSpan(^ChecksumLength..));
        return bytes;
    }

    /// <summary>Permits that count against the limit.</summary>
    public int Used(StoreTime now)
    {
        var used = 0;
        for (var i = FirstLive(now); i < _counts.Length; i++)
            used += _counts[i];
        return used;
    }

    /// <summary>What was granted in the window that ends with the newest slot, in as many equal spans as asked.</summary>
    public IReadOnlyList<QuotaCurvePoint> Curve(StoreTime now, int points)
    {
        var (end, span) = ((Math.Max(_newest, now.Latest / _shape.SlotLength) + 1) * _shape.SlotLength, _shape.Window / points);
        var permits = new int[points];
        for (var i = FirstLive(now); i < _counts.Length; i++)
        {
            var point = points - 1 - (end - (Oldest + i + 1) * _shape.SlotLength) / span;
            if (point >= 0)
                permits[point] += _counts[i];
        }

        return [.. permits.Select((count, i) => new QuotaCurvePoint(new DateTimeOffset(end - (points - i) * span, TimeSpan.Zero), count))];
    }

    /// <summary>Gives back, blocks and grants, as asked.</summary>
    public QuotaOutcome Exchange(in QuotaRequest request, StoreTime now)
    {
        var ring = request is { Unused: > 0 } or { Block: > 0 } ? Advance(now).GiveBack(request).Block(request, now) : this;
        if (request.Most == 0)
            return new QuotaOutcome(ring, 0, 0, default, 0, false);
        if (ring.BlockedUntil > now.Earliest)
            return new QuotaOutcome(ring, 0, 0, default, ring.BlockedUntil - now.Earliest, true);

        var used = ring.Used(now);
        var free = _shape.Ceiling(request.Class) - used;
        if (free < request.Least)
            return new QuotaOutcome(ring, 0, 0, default, ring.TimeUntilFree(request.Least - free, now), false);

        var granted = Math.Min(request.Most, free);
        ring = ring.Advance(now);
        ring._counts[^1] += (ushort)granted; // Advance made it, and nobody has seen it yet
        return new QuotaOutcome(ring, granted, ring._newest, OpenTo(used + granted), 0, false);
    }

    // A ring of another shape: every count moves to the slot that ends with its own or later.
    private static QuotaRing Fit(QuotaShape shape, ushort[] counts, long newest, long slotLength, long blockedUntil)
    {
        long SlotOf(long slot) => ((slot + 1) * slotLength - 1) / shape.SlotLength;

        var fitted = new QuotaRing(shape, new ushort[shape.Slots], SlotOf(newest), blockedUntil);
        for (var i = 0; i < counts.Length; i++)
        {
            var index = Math.Max(0, SlotOf(newest - counts.Length + 1 + i) - fitted.Oldest);
            fitted._counts[index] = (ushort)Math.Min(ushort.MaxValue, fitted._counts[index] + counts[i]);
        }

        return fitted;
    }

    // A new ring whose newest slot is the present one. What leaves at the other end before its time is kept in the oldest slot.
    private QuotaRing Advance(StoreTime now)
    {
        var newest = Math.Max(_newest, now.Latest / _shape.SlotLength);
        var advanced = new QuotaRing(_shape, new ushort[_counts.Length], newest, BlockedUntil);
        for (var i = FirstLive(now); i < _counts.Length; i++)
        {
            var index = Math.Max(0, Oldest + i - advanced.Oldest);
            advanced._counts[index] = (ushort)Math.Min(ushort.MaxValue, advanced._counts[index] + _counts[i]);
        }

        return advanced;
    }

    // A slot that has left the ring, or never was in this one, gives nothing back. Counts only ever move to later slots, so the
    // permits given back are never those of a grant that stops counting sooner.
    private QuotaRing GiveBack(in QuotaRequest request)
    {
        if (request.Unused > 0 && request.UnusedSlot >= Oldest && request.UnusedSlot <= _newest)
        {
            ref var count = ref _counts[request.UnusedSlot - Oldest];
            count -= (ushort)Math.Min(count, request.Unused);
        }

        return this;
    }

    private QuotaRing Block(in QuotaRequest request, StoreTime now)
        => request.Block == 0 ? this
            : new QuotaRing(_shape, _counts, _newest, Math.Max(BlockedUntil, now.Latest + Math.Min(request.Block, _shape.Window)));

    private QuotaClass OpenTo(int used)
        => used <= _shape.Ceiling(QuotaClass.Catalogue) ? QuotaClass.Catalogue
            : used <= _shape.Ceiling(QuotaClass.Webhook) ? QuotaClass.Webhook
            : QuotaClass.Submission;

    private long TimeUntilFree(int permits, StoreTime now)
    {
        for (var i = FirstLive(now); i < _counts.Length; i++)
        {
            permits -= _counts[i];
            if (permits <= 0)
                return (Oldest + i + 1) * _shape.SlotLength + _shape.Hold - now.Earliest;
        }

        return _shape.Hold;
    }

    // A slot counts until its end is past by the hold.
    private int FirstLive(StoreTime now)
        => (int)Math.Clamp((now.Earliest - _shape.Hold) / _shape.SlotLength - Oldest, 0, _counts.Length);
}
