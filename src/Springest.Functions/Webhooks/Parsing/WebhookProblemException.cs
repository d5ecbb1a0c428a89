using System.Net;

namespace Springest.Functions.Webhooks.Parsing;

/// <summary>
/// A webhook that is not taken, or a request about webhooks that is refused. Nothing has been promised; the message is meant for who sent
/// it.
/// </summary>
internal sealed class WebhookProblemException(HttpStatusCode status, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The status to answer with.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>When to try again, where that can help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
