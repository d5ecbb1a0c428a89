namespace Springest.Functions.Quota;

/// <summary>What the ring answers.</summary>
/// <param name="Ring">The ring to write; the same one if nothing changed.</param>
/// <param name="Granted">Permits granted, once the ring is written.</param>
/// <param name="Slot">The slot they count in.</param>
/// <param name="OpenTo">The last class in order of precedence that may use them.</param>
/// <param name="Wait">If nothing was granted: ticks until the same request can succeed.</param>
/// <param name="Blocked">True if that is because the server wants no requests.</param>
public readonly record struct QuotaOutcome(QuotaRing Ring, int Granted, long Slot, QuotaClass OpenTo, long Wait, bool Blocked);
