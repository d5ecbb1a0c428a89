namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Numbers that no other test has, nor any earlier run on the same storage.</summary>
internal static class Ids
{
    // Above any number of a real site, and exact in any JSON reader.
    private static long _last = 1_000_000_000_000 + (Random.Shared.NextInt64(1_000_000_000) * 1_000_000);

    public static long Next() => Interlocked.Increment(ref _last);
}
