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
        // The transport keeps the time for connecting itself.
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            throw call.NotAnswered($"got no answer: {Describe(HttpRequestError.ConnectionError)}", e);
        }
        catch (HttpRequestException e)
        {
            throw call.NotAnswered($"got no answer: {Describe(e.HttpRequestError)}", QuotesServer(e.HttpRequestError) ? null : e);
        }
        catch (IOException e)
        {
            var error = (e as HttpIOException)?.HttpRequestError ?? HttpRequestError.ResponseEnded;
            throw call.NotAnswered($"got an answer that broke off: {Describe(error)}", QuotesServer(error) ? null : e);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        SpringestCall call, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = time.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                using var error = await ReadErrorAsync(call, response, sent, cancellationToken).ConfigureAwait(false);
                throw call.Failed(response, error, time.GetUtcNow());
            }
            var answer = await ReadAsync(call, response, options.MaxAnswerBytes, sent, cancellationToken).ConfigureAwait(false);
            if (!answer.Truncated)
            {
                call.Answer = answer;
                return response;
            }
            using (answer)
                throw call.Unreadable(answer, $"it is larger than {options.MaxAnswerBytes} bytes (MaxAnswerBytes)");
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The status of an error counts, and the pause that it asks for, even if its body cannot be read.</summary>
    private static async Task<Answer> ReadErrorAsync(
        SpringestCall call, HttpResponseMessage response, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(call, response, ErrorBodyLimit, sent, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SpringestException
            || (e is OperationCanceledException && !call.Deadline.Token.IsCancellationRequested))
        {
            return new Answer([], length: 0, truncated: false);
        }
    }

    private static async Task<Answer> ReadAsync(
        SpringestCall call, HttpResponseMessage response, int limit, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        try
        {
            return await Answer.ReadAsync(response, limit, call.Request.Extension!, sent, cancellationToken).ConfigureAwait(false);
        }
        // Gzip throws the one, Brotli the other.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw call.NotAnswered("got an answer that broke off: it is not compressed as it says", e);
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
