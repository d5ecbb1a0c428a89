using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Springest.Client.Http;

/// <summary>
/// Sends the calls of one site. From the outside in: deadline, retries, circuit breaker, rate limiter, timeout of the attempt,
/// trace and log, <see cref="ApiKeyHandler"/>.
/// </summary>
internal sealed partial class SiteConnection
{
    private const int ErrorBodyLimit = 64 * 1024;

    private static readonly ActivitySource s_activities = new("Springest.Client");

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RequestMetrics _metrics;
    private readonly ResiliencePipeline _attempts;
    private readonly ResiliencePipeline _attempt;

    public SiteConnection(
        string site, HttpClient http, SpringestSiteOptions options, TimeProvider time, IMeterFactory meters, ILogger<SpringestClient> logger)
    {
        Site = site;
        Options = options;
        _http = http;
        _time = time;
        _logger = logger;
        _metrics = new RequestMetrics(site, meters);
        _attempts = BuildAttempts();
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.AttemptTimeout).Build();
    }

    public string Site { get; }

    public SpringestSiteOptions Options { get; }

    /// <summary>The answer of success to a request, read whole, together with the call that words the faults found in it.</summary>
    public async Task<(Answer Answer, SpringestCall Call)> SendAsync(
        SpringestRequest request, RateLimits limits, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(Options.Deadline, _time, cancellationToken);
        request = request.Extension is null ? request with { Extension = Options.Format == SpringestFormat.Xml ? "xml" : "json" } : request;
        var call = new SpringestCall(Site, Options, request, limits, deadline);
        var context = ResilienceContextPool.Shared.Get(deadline.Token);
        try
        {
            var answer = await _attempts.ExecuteAsync(
                static (context, state) => state.Connection.AttemptAsync(state.Call, context.CancellationToken),
                context, (Connection: this, Call: call)).ConfigureAwait(false);
            return (answer, call);
        }
        catch (BrokenCircuitException e)
        {
            throw call.NotTried(e.RetryAfter, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw call.TooLate(e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Answer> AttemptAsync(SpringestCall call, CancellationToken cancellationToken)
    {
        using var message = call.CreateMessage();
        using var permits = new HttpMessageInvoker(new PermitHandler { InnerHandler = new Permitted(this) });
        (await permits.SendAsync(message, cancellationToken).ConfigureAwait(false)).Dispose();
        return call.Answer!;
    }

    private async Task<Answer> SendPermittedAsync(SpringestCall call, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var activity = s_activities.StartActivity($"Springest {call.Request.Method}", ActivityKind.Client);
        activity?.SetTag("http.request.method", call.Request.Method.Method).SetTag("server.address", Options.Host!.Host)
            .SetTag("url.path", $"/{call.Request.Path}").SetTag("springest.site", Site).SetTag("springest.request_id", call.Id);
        var started = _time.GetTimestamp();
        try
        {
            var answer = await SendOnceAsync(call, message, cancellationToken).ConfigureAwait(false);
            var took = _time.GetElapsedTime(started);
            _metrics.Ended(call.Request.Method, HttpStatusCode.OK, took);
            Log.Answered(_logger, Site, call.Request.Endpoint, took, call.Id);
            return answer;
        }
        catch (SpringestException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            var took = _time.GetElapsedTime(started);
            _metrics.Ended(call.Request.Method, e.Status, took);
            Log.Failed(_logger, e.Message, took);
            throw;
        }
    }

    private async Task<Answer> SendOnceAsync(SpringestCall call, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await _attempt.ExecuteAsync(
                static (state, token) => new ValueTask<Answer>(state.Connection.ExchangeAsync(state.Call, state.Message, token)),
                (Connection: this, Call: call, Message: message), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw call.NotAnswered($"was not answered within {Options.AttemptTimeout}", e);
        }
        catch (HttpRequestException e)
        {
            throw call.NotAnswered($"got no answer: {e.Message.TrimEnd('.')}", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw call.NotAnswered($"got an answer that broke off: {e.Message.TrimEnd('.')}", e);
        }
    }

    private async Task<Answer> ExchangeAsync(SpringestCall call, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var sent = _time.GetUtcNow();
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        Activity.Current?.SetTag("http.response.status_code", (int)response.StatusCode);
        var limit = response.IsSuccessStatusCode ? Options.MaxAnswerBytes : ErrorBodyLimit;
        var answer = await Answer.ReadAsync(response.Content, limit, sent, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode && !answer.Truncated)
            return answer;
        using (answer)
            throw response.IsSuccessStatusCode
                ? call.Unreadable(answer, $"it is larger than {limit} bytes (MaxAnswerBytes)")
                : call.Refused(response, answer, _time.GetUtcNow());
    }

    private ResiliencePipeline BuildAttempts()
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _time };
        if (Options.Retries > 0)
            pipeline.AddRetry(Retry());
        if (Options.BreakDuration > TimeSpan.Zero)
            pipeline.AddCircuitBreaker(Breaker());
        return pipeline.Build();
    }

    private RetryStrategyOptions Retry() => new()
    {
        MaxRetryAttempts = Options.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = Options.RetryDelay,
        MaxDelay = TimeSpan.FromMinutes(1),
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is SpringestException { CanRepeat: true }),
        DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as SpringestException)?.RetryAfter),
    };

    private CircuitBreakerStrategyOptions Breaker()
    {
        var state = new CircuitBreakerStateProvider();
        return new()
        {
            FailureRatio = 0.5,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = Options.BreakDuration,
            StateProvider = state,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception switch
            {
                null => false,
                SpringestException { Status: { } status } => (int)status >= 500,
                SpringestException { RateLimited: false } => true,
                // Neither a missing permit nor a cancellation proves that the site works again.
                _ => state.CircuitState == CircuitState.HalfOpen,
            }),
        };
    }

    // What is sent once there is a permit.
    private sealed class Permitted(SiteConnection connection) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var call = SpringestCall.Of(request);
            call.Answer = await connection.SendPermittedAsync(call, request, cancellationToken).ConfigureAwait(false);
            return new HttpResponseMessage();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint} of site '{Site}' answered in {Took} (request {RequestId}).")]
        public static partial void Answered(ILogger logger, string site, string endpoint, TimeSpan took, string requestId);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Failure} It took {Took}.")]
        public static partial void Failed(ILogger logger, string failure, TimeSpan took);
    }
}
