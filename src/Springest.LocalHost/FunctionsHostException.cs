namespace Springest.LocalHost;

/// <summary>The host cannot run as it is set up; the message says in sentences what is wrong and what is allowed.</summary>
/// <param name="message">One or more sentences for the person at the keyboard. Never holds a secret.</param>
/// <param name="innerException">What the message was made of, if anything.</param>
public sealed class FunctionsHostException(string message, Exception? innerException = null) : Exception(message, innerException);
