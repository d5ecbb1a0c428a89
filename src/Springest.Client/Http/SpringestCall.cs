using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace Springest.Client.Http;

/// <summary>One call with all its attempts: what is asked, and the exceptions that tell how it failed.</summary>
internal sealed class SpringestCall(
    string site, SpringestSiteOptions options, SpringestRequest request, RateLimits limits, Deadline deadline)
{
    private const int ExcerptBytes = 2048;

    private static readonly HttpRequestOptionsKey<SpringestCall> s_option = new("Springest.Call");

    public SpringestRequest Request => request;

    public RateLimits Limits => limits;

    public Deadline Deadline => deadline;

    /// <summary>Whose limit this counts under: the general key's where the other is not set.</summary>
    public SpringestKey Key { get; } = options.KeyFor(request.Key) == options.ApiKey ? SpringestKey.General : request.Key;

    public string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The answer of success, once there is one.</summary>
    public Answer? Answer { get; set; }

    /// <summary>The body of the attempt that is under way; null for none.</summary>
    public WriteContent? Content { get; set; }

    /// <summary>
    /// A real answer has no more than a value per fifty bytes. Tiny ones grow to many times their size in memory, so their number has
    /// a limit too.
    /// </summary>
    public int MostValues => options.MaxAnswerBytes / 40;

    private bool IsRead => request.Method == HttpMethod.Get;

    /// <summary>True for a write that the server may have got: the transport had begun to send it.</summary>
    private bool MayHaveHappened => !IsRead && Content is { Begun: true };

    public static SpringestCall Of(HttpRequestMessage message)
        => message.Options.TryGetValue(s_option, out var call) ? call
            : throw new InvalidOperationException("It is no request of the client's.");

    public HttpRequestMessage CreateMessage()
    {
        var message = new HttpRequestMessage(request.Method, request.AddressAt(options.Host!));
        message.Content = Content = request.Content?.Invoke();
        message.Headers.Add("X-Request-Id", Id);
        message.Options.Set(s_option, this);
        message.Options.Set(ApiKeyHandler.Key, request.Key);
        return message;
    }

    /// <summary>The server answered with another status than success.</summary>
    public SpringestException Refused(HttpResponseMessage response, Answer answer, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var text = Masked(Encoding.UTF8.GetString(answer.Body.Span));
        var errors = ErrorBody.Parse(text);
        var retryAfter = RateLimitAnswer.PauseOf(response.Headers, now);
        var overRate = RateLimitAnswer.Parse(options.RateLimitStatuses)!.Any(answer => answer.Is(status, retryAfter is not null, text));
        var transient = overRate || status is 408 or >= 500 and not (501 or 505);
        var sentence = $"answered {status} {ReasonOf(response.StatusCode)}".TrimEnd() + Target(response) + ErrorBody.Describe(errors) + Advice(status);
        return new SpringestException(Sentence(sentence))
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            Status = response.StatusCode,
            Errors = errors,
            Excerpt = Excerpt(text),
            RetryAfter = retryAfter,
            OverServerRate = overRate,
            IsTransient = transient,
            OutcomeUnknown = MayHaveHappened && !overRate && status is >= 300 and < 400 or 408 or >= 500,
            CanRepeat = transient && IsRead && !(retryAfter > options.MaxRetryAfter),
        };
    }

    /// <summary>The answer was one of success, but not what the endpoint answers.</summary>
    public SpringestException Unreadable(Answer answer, string why, Exception? inner = null)
        => new(Sentence($"gave an answer that cannot be read: {why}"), inner)
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            Status = HttpStatusCode.OK,
            Excerpt = Excerpt(Masked(Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, 2 * ExcerptBytes)]))),
            OutcomeUnknown = !IsRead,
        };

    /// <summary>One record was asked for, and an empty list came: as good as a 404.</summary>
    public SpringestException Absent()
        => new(Sentence("answered that there is no such record")) { Endpoint = request.Endpoint, RequestId = Id, Status = HttpStatusCode.NotFound };

    /// <summary>There was no answer, or it broke off.</summary>
    public SpringestException NotAnswered(string why, Exception inner) => Unfinished(why, inner, canRepeat: !MayHaveHappened);

    /// <summary>The time for all attempts was over.</summary>
    public SpringestException TooLate(Exception inner) => Unfinished($"was not done within {options.Deadline}", inner, canRepeat: false);

    /// <summary>The circuit breaker let nothing through.</summary>
    public SpringestException NotTried(TimeSpan? retryAfter, Exception inner)
        => new(Sentence("was not sent, because the last requests to this site failed"), inner)
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            RetryAfter = retryAfter,
            IsTransient = true,
        };

    /// <summary>The rate limiter gave no permit.</summary>
    public SpringestException NotPermitted(RateLimitLease lease)
        => new(Sentence("was not sent, because the rate limiter gave no permit"))
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : null,
            RateLimited = true,
            IsTransient = true,
        };

    private SpringestException Unfinished(string why, Exception inner, bool canRepeat)
        => new(Sentence(why), inner)
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            IsTransient = true,
            OutcomeUnknown = MayHaveHappened,
            CanRepeat = canRepeat,
        };

    private string Sentence(string what) => $"{request.Endpoint} of site '{site}' {what} (request {Id}).";

    private string Advice(int status) => status == 401
        ? $". Is the key of site '{site}' the right one for this host{(Key == SpringestKey.Certifications ? " and for certifications" : "")}?"
        : "";

    /// <summary>A server may repeat the address that it was asked for, and with it the key.</summary>
    private string Masked(string text)
    {
        foreach (var key in new[] { options.ApiKey, options.CertificationsApiKey })
        {
            if (!string.IsNullOrEmpty(key))
                text = text.Replace(key, "***", StringComparison.Ordinal).Replace(Uri.EscapeDataString(key), "***", StringComparison.Ordinal);
        }
        return text;
    }

    private static string Excerpt(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= ExcerptBytes ? text : Encoding.UTF8.GetString(bytes, 0, ExcerptBytes).TrimEnd('\uFFFD');
    }

    // The standard's word, not the server's own.
    private static string? ReasonOf(HttpStatusCode status)
    {
        using var standard = new HttpResponseMessage(status);
        return standard.ReasonPhrase;
    }

    private static string Target(HttpResponseMessage response)
        => response.Headers.Location is { } target ? $" to {(target.IsAbsoluteUri ? target.Host : "another path")}, which is not followed" : "";
}
