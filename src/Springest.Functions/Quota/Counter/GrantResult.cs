namespace Springest.Functions.Quota.Counter;

/// <summary>What the window answers.</summary>
/// <param name="Window">The window to write; the same one if nothing changed.</param>
/// <param name="Granted">Permits granted by class, once the window is written.</param>
/// <param name="Waits">For classes that were not granted all they wanted: ticks until there can be more.</param>
/// <param name="Blocked">True if that is because the server wants no requests.</param>
public sealed record GrantResult(SlidingWindow Window, int[] Granted, long[] Waits, bool Blocked);
