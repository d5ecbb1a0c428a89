namespace Springest.Functions.Catalogue.State;

/// <summary>Another run has taken over; this one must not write any more.</summary>
public sealed class LeaseLostException() : Exception("Another run has taken over this resource.");
