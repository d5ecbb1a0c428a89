using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Springest.Functions.Quota.Counter;

/// <summary>Permits by the slot of time in which they were granted, as they are stored. Times are in ticks since year 1, UTC.</summary>
/// <param name="SlotLength">How long a slot is.</param>
/// <param name="Newest">Number of the last slot: slot 0 begins at time 0.</param>
/// <param name="Block">What is stored beside them: a block's end, or its length.</param>
/// <param name="Counts">The permits, the oldest slot first.</param>
internal sealed record Ring(long SlotLength, long Newest, long Block, ushort[] Counts)
{
    // A later format keeps the first byte and the checksum, by which one that is newer is told from one that is broken.
    private const byte Version = 1;
    private const int CountsAt = 1 + 3 * sizeof(long);
    private const int ChecksumLength = 8;

    /// <summary>A ring with nothing counted.</summary>
    public static Ring None { get; } = new(1, 0, 0, []);

    /// <summary>True for a stored form that a later version of the app has written.</summary>
    public static bool IsNewer(byte[] bytes) => IsWhole(bytes) && bytes[0] > Version;

    /// <summary>The ring in its stored form, of which every byte is little-endian; null if this is none.</summary>
    public static Ring? Read(byte[] bytes)
    {
        if (!IsWhole(bytes) || bytes[0] != Version)
            return null;
        var numbers = MemoryMarshal.Cast<byte, long>(bytes.AsSpan(1..CountsAt));
        var counts = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan(CountsAt..^ChecksumLength));
        return new Ring(numbers[0], numbers[1], numbers[2], counts.ToArray());
    }

    /// <summary>The stored form.</summary>
    public byte[] ToBytes()
    {
        ReadOnlySpan<long> numbers = [SlotLength, Newest, Block];
        byte[] content = [Version, .. MemoryMarshal.AsBytes(numbers), .. MemoryMarshal.AsBytes(Counts.AsSpan())];
        return [.. content, .. Checksum(content)];
    }

    /// <summary>When the slot at an index ends.</summary>
    public long EndOf(int index) => (Newest - Counts.Length + index + 2) * SlotLength;

    private static bool IsWhole(byte[] bytes)
        => bytes.Length >= CountsAt + sizeof(ushort) + ChecksumLength
            && bytes.AsSpan(^ChecksumLength..).SequenceEqual(Checksum(bytes.AsSpan(..^ChecksumLength)));

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, ChecksumLength);
}
