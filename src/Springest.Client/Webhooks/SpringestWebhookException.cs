namespace Springest.Client;

/// <summary>A body that is no webhook. The message says what is wrong and where, and may be told to the sender.</summary>
public sealed class SpringestWebhookException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>True if it has more changes than are taken.</summary>
    public bool HasTooManyChanges { get; init; }
}
