namespace Springest.LocalHost;

/// <summary>The app cannot be run, for a reason that a person can do something about; the message says it in sentences.</summary>
/// <param name="message">What is wrong, where, and what would be right.</param>
/// <param name="innerException">What it was noticed by.</param>
public sealed class HostException(string message, Exception? innerException = null) : Exception(message, innerException);
