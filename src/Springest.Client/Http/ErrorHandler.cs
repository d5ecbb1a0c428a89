using Polly;
using Polly.Timeout;
using Springest.Client.Reading;

namespace Springest.Client.Http;

/// <summary>
/// Reads the whole answer within the time for one attempt (<see cref="SpringestCall.Answer"/>); everything but an answer of success becomes
/// a <see cref="SpringestException"/>.
/// </summary>
internal sealed class ErrorHandler(SpringestSiteOptions options, TimeProvider time) : DelegatingHandler
{
    private const int ErrorBodyLimit = 64 * 1024;

    private readonly ResiliencePipeline _attempt =
        new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.AttemptTimeout).Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = SpringestCall.Of(request);
        try
        {
            return await _attempt.ExecuteAsync(
                static (state, token) => new ValueTask<HttpResponseMessage>(state.Handler.ExchangeAsync(state.Call, state.Request, token)),
                (Handler: this, Call: call, Request: request), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw call.NotAnswered($"was not answered within {options.AttemptTimeout}", e);
        }
        catch (HttpRequestException e)
        {
            throw call.NotAnswered($"got no answer: {Describe(e.HttpRequestError)}", QuotesServer(e.HttpRequestError) ? null : e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            var error = (e as HttpIOException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            var why = e is InvalidDataException ? "it is not compressed as it says" : Describe(error);
            throw call.NotAnswered($"got an answer that broke off: {why}", QuotesServer(error) ? null : e);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        SpringestCall call, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = time.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var limit = response.IsSuccessStatusCode ? options.MaxAnswerBytes : ErrorBodyLimit;
            var answer = await Answer.ReadAsync(response, limit, call.Request.Extension!, sent, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode && !answer.Truncated)
            {
                call.Answer = answer;
                return response;
            }
            using (answer)
            {
                throw response.IsSuccessStatusCode
                    ? call.Unreadable(answer, $"it is larger than {limit} bytes (MaxAnswerBytes)")
                    : call.Failed(response, answer, time.GetUtcNow());
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>In our words: those of the transport may quote the server's headers.</summary>
    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the host's name is not known",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no secure connection",
        HttpRequestError.ResponseEnded => "the connection was closed",
        HttpRequestError.InvalidResponse => "it is not HTTP",
        _ => error.ToString(),
    };

    private static bool QuotesServer(HttpRequestError error)
        => error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded;
}
