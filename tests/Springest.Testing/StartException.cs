namespace Springest.Testing;

/// <summary>
/// A process that is needed did not start, or has ended. The message says which and why, and is meant for the person who started it.
/// </summary>
public sealed class StartException(string message) : Exception(message);
