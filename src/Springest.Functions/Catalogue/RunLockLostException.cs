namespace Springest.Functions.Catalogue;

/// <summary>Another run has taken over; this one must not write any more.</summary>
public sealed class RunLockLostException() : Exception("Another run has taken over this resource.");
