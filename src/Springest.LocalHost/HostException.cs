namespace Springest.LocalHost;

/// <summary>The app, or a function of it, could not be run; the message says why in a sentence.</summary>
/// <param name="message">What is wrong, where, and what would be right.</param>
/// <param name="innerException">What it was noticed by.</param>
public sealed class HostException(string message, Exception? innerException = null) : Exception(message, innerException);
