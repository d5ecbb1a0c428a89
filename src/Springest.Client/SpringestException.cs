using System.Net;

namespace Springest.Client;

/// <summary>
/// A request that the API did not answer as asked. Never carries a key. The message has status and names of fields only; what the server
/// said, which may be about people, is in <see cref="Errors"/> and <see cref="Excerpt"/>.
/// </summary>
public sealed class SpringestException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SpringestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The answer's status, or null if there was no answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Method and path of the request, without query: <c>GET /trainings.json</c>.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The client's own number of the call, sent as <c>X-Request-Id</c>, logged and traced.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The server's messages by field; the empty key holds those that name no field (docs/springest-api.md, section 6).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The first 2 KB of the body as text, for people to look at.</summary>
    public string? Excerpt { get; init; }

    /// <summary>True if the same request may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>
    /// What became of a write; null for a read. A write ended by its caller's own cancellation token throws
    /// <see cref="OperationCanceledException"/> instead, and its outcome is unknown.
    /// </summary>
    public WriteOutcome? Outcome { get; init; }

    /// <summary>True if this was a write and the server may have carried it out all the same.</summary>
    public bool OutcomeUnknown => Outcome == WriteOutcome.Unknown;

    /// <summary>How long the server, or the rate limiter, asks to wait before the next attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if no request was sent because the rate limiter had no permit.</summary>
    public bool RateLimited { get; init; }

    /// <summary>
    /// True if the server refused because there were too many requests (<see cref="SpringestSiteOptions.RateLimitStatuses"/>).
    /// </summary>
    public bool OverServerRate { get; init; }

    /// <summary>The client may try again by itself.</summary>
    internal bool CanRepeat { get; init; }
}
