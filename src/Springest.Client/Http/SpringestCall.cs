using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Springest.Client.Http.Bodies;
using Springest.Client.Reading;

namespace Springest.Client.Http;

/// <summary>One call with all its attempts, as the handlers see it: what is asked, and the exceptions that tell how it failed.</summary>
internal sealed class SpringestCall(
    string site, SpringestSiteOptions options, SpringestRequest request, RateLimits limits, Deadline deadline, KeyMask keys)
{
    private static readonly HttpRequestOptionsKey<SpringestCall> s_option = new("Springest.Call");

    public SpringestRequest Request => request;

    public RateLimits Limits => limits;

    public Deadline Deadline => deadline;

    /// <summary>Whose limit this counts under: the general key's where the other is not set.</summary>
    public SpringestKey Key { get; } = options.KeyFor(request.Key) == options.ApiKey ? SpringestKey.General : request.Key;

    public string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The answer of success, once there is one.</summary>
    public Answer? Answer { get; set; }

    /// <summary>The body of a write; null for none. It is sent again only if nothing of it was sent.</summary>
    private WriteContent? Content { get; } = request.Content?.Invoke();

    private bool IsRead => request.Method == HttpMethod.Get;

    private WriteOutcome? NotSent => IsRead ? null : Content is { Begun: true } ? WriteOutcome.Unknown : WriteOutcome.Waiting;

    public static SpringestCall Of(HttpRequestMessage message)
        => message.Options.TryGetValue(s_option, out var call) ? call : throw new InvalidOperationException("Not the client's request.");

    public HttpRequestMessage CreateMessage()
    {
        var message = new HttpRequestMessage(request.Method, request.AddressAt(options.Host!)) { Content = Content };
        message.Headers.Add("X-Request-Id", Id);
        message.Options.Set(s_option, this);
        message.Options.Set(ApiKeyHandler.Key, request.Key);
        return message;
    }

    /// <summary>The server answered with another status than success.</summary>
    public SpringestException Failed(HttpResponseMessage response, Answer answer, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var text = keys.Mask(TextOf(answer));
        var errors = ErrorBody.Parse(text);
        var retryAfter = RateLimitAnswer.PauseOf(response.Headers, now);
        var overRate = RateLimitAnswer.Parse(options.RateLimitStatuses)!.Any(answer => answer.Is(status, retryAfter is not null, text));
        var transient = overRate || status is 408 or >= 500 and not (501 or 505);
        var sentence =
            $"answered {status} {ReasonOf(response.StatusCode)}".TrimEnd() + Target(response) + ErrorBody.Describe(errors) + Advice(status);
        return new SpringestException(Sentence(sentence))
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            Status = response.StatusCode,
            Errors = errors,
            Excerpt = keys.Excerpt(text, answer.Truncated),
            RetryAfter = retryAfter,
            OverServerRate = overRate,
            IsTransient = transient,
            Outcome = IsRead ? null : OutcomeOf(status, overRate),
            CanRepeat = transient && IsRead && !(retryAfter > options.MaxRetryAfter),
        };
    }

    /// <summary>The answer was one of success, but not what the endpoint answers.</summary>
    public SpringestException Unreadable(Answer answer, string why)
        => OfAnswer(answer, $"gave an answer that cannot be read: {why}", IsRead ? null : WriteOutcome.Unknown);

    /// <summary>A write was answered with a status of success, but the answer speaks of errors and of nothing written.</summary>
    public SpringestException Refused(Answer answer)
    {
        var errors = ErrorBody.Parse(keys.Mask(TextOf(answer)));
        return OfAnswer(answer, $"answered {(int)answer.Status} with errors{ErrorBody.Describe(errors)}", WriteOutcome.Refused, errors);
    }

    /// <summary>One record was asked for, and an empty list came: as good as a 404.</summary>
    public SpringestException Absent()
        => new(Sentence("answered that there is no such record"))
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            Status = HttpStatusCode.NotFound,
        };

    /// <summary>There was no answer, or it broke off.</summary>
    public SpringestException NotAnswered(string why, Exception? inner)
        => Unfinished(why, inner, canRepeat: NotSent != WriteOutcome.Unknown);

    /// <summary>The time for all attempts was over.</summary>
    public SpringestException DeadlineExceeded(Exception inner)
        => Unfinished($"was not done within {options.Deadline}", inner);

    /// <summary>The circuit breaker let nothing through.</summary>
    public SpringestException CircuitOpen(TimeSpan? retryAfter, Exception inner)
        => Unfinished("was not sent, because the last requests of its kind failed", inner, retryAfter: retryAfter);

    /// <summary>The rate limiter gave no permit.</summary>
    public SpringestException RateLimited(RateLimitLease lease)
        => Unfinished(
            "was not sent, because the rate limiter gave no permit",
            retryAfter: lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : null, rateLimited: true);

    private SpringestException OfAnswer(
        Answer answer, string what, WriteOutcome? outcome, IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = null)
        => new(Sentence(what))
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            Status = answer.Status,
            Errors = errors ?? new Dictionary<string, IReadOnlyList<string>>(),
            Excerpt = keys.Excerpt(TextOf(answer), answer.Truncated),
            Outcome = outcome,
        };

    private SpringestException Unfinished(
        string why, Exception? inner = null, bool canRepeat = false, TimeSpan? retryAfter = null, bool rateLimited = false)
        => new(Sentence(why), inner)
        {
            Endpoint = request.Endpoint,
            RequestId = Id,
            RetryAfter = retryAfter,
            RateLimited = rateLimited,
            IsTransient = true,
            Outcome = NotSent,
            CanRepeat = canRepeat,
        };

    private string Sentence(string what) => $"{request.Endpoint} of site '{site}' {what} (request {Id}).";

    private string Advice(int status)
        => status == 401
            ? $". Is the key of site '{site}' the right one for this "
                + $"host{(Key == SpringestKey.Certifications ? " and for certifications" : "")}?"
            : "";

    private static WriteOutcome OutcomeOf(int status, bool overRate) => status switch
    {
        _ when overRate => WriteOutcome.Waiting,
        400 or 413 or 415 or 422 => WriteOutcome.Refused,
        401 or 403 or 404 or 405 or 429 => WriteOutcome.Waiting,
        _ => WriteOutcome.Unknown,
    };

    private static string TextOf(Answer answer)
    {
        try
        {
            return Encoding.UTF8.GetString(ResponseText.ToUtf8(answer.Body, answer.Charset).Span);
        }
        catch (UnreadableException)
        {
            return Encoding.UTF8.GetString(answer.Body.Span);
        }
    }

    // The standard's word, not the server's own.
    private static string? ReasonOf(HttpStatusCode status)
    {
        using var standard = new HttpResponseMessage(status);
        return standard.ReasonPhrase;
    }

    private string Target(HttpResponseMessage response) => response.Headers.Location is { } target
        ? $" to {(target.IsAbsoluteUri ? keys.Mask(target.Host) : "another path")}, which is not followed"
        : "";
}
