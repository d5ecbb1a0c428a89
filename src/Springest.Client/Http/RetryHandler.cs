using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;

namespace Springest.Client.Http;

/// <summary>Retries what may be retried, and leaves a list, or the writes of one kind, alone while they fail time and again.</summary>
internal sealed class RetryHandler(SpringestSiteOptions options, TimeProvider time) : DelegatingHandler
{
    private readonly ResiliencePipelineRegistry<string> _pipelines = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = SpringestCall.Of(request);
        var pipeline = call.Request.DespiteFailures
            ? _pipelines.GetOrAddPipeline("", BuildRetry)
            : _pipelines.GetOrAddPipeline(call.Request.Circuit, Build);
        try
        {
            return await pipeline.ExecuteAsync(
                static (state, token) => new ValueTask<HttpResponseMessage>(state.Handler.SendOnceAsync(state.Request, token)),
                (Handler: this, Request: request), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw call.CircuitOpen(e.RetryAfter, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _pipelines.Dispose();
        base.Dispose(disposing);
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => base.SendAsync(request, cancellationToken);

    private void BuildRetry(ResiliencePipelineBuilder pipeline)
    {
        pipeline.TimeProvider = time;
        if (options.Retries > 0)
            pipeline.AddRetry(Retry());
    }

    private void Build(ResiliencePipelineBuilder pipeline)
    {
        BuildRetry(pipeline);
        if (options.BreakDuration > TimeSpan.Zero)
            pipeline.AddCircuitBreaker(Breaker());
    }

    private RetryStrategyOptions Retry() => new()
    {
        MaxRetryAttempts = options.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = options.RetryDelay,
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
            BreakDuration = options.BreakDuration,
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
}
