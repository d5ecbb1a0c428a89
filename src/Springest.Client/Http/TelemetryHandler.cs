using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Springest.Client.Http;

/// <summary>Traces, measures and logs each attempt.</summary>
internal sealed partial class TelemetryHandler(string site, TimeProvider time, Meter meter, ILogger<SpringestClient> logger)
    : DelegatingHandler
{
    private static readonly ActivitySource s_activities = new("Springest.Client");

    private readonly Histogram<double> _duration = meter.CreateHistogram<double>(
        "springest.client.duration", "s", "Duration of each attempt of a request to the API, from sending to the last byte of the answer.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = SpringestCall.Of(request);
        using var activity = s_activities.StartActivity($"Springest {request.Method}", ActivityKind.Client);
        activity?.SetTag("http.request.method", request.Method.Method).SetTag("server.address", request.RequestUri!.Host)
            .SetTag("url.path", $"/{call.Request.Path}").SetTag("springest.site", site).SetTag("springest.request_id", call.Id);
        var started = time.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var took = time.GetElapsedTime(started);
            End(activity, request.Method, response.StatusCode, took);
            Log.Answered(logger, site, call.Request.Endpoint, took, call.Id);
            return response;
        }
        catch (Exception e)
        {
            var took = time.GetElapsedTime(started);
            var failure = e as SpringestException;
            // What others say may hold anything, such as the name of the file that could not be read.
            var sentence = failure?.Message
                ?? $"{call.Request.Endpoint} of site '{site}' was broken off by {e.GetType().Name} (request {call.Id}).";
            End(activity, request.Method, failure?.Status, took);
            activity?.SetStatus(ActivityStatusCode.Error, sentence);
            Log.Failed(logger, sentence, took);
            throw;
        }
    }

    private void End(Activity? activity, HttpMethod method, HttpStatusCode? status, TimeSpan took)
    {
        if (status is { } known)
            activity?.SetTag("http.response.status_code", (int)known);
        _duration.Record(
            took.TotalSeconds, new("site", site), new("method", method.Method),
            new("status", status is null ? "none" : ((int)status).ToString(CultureInfo.InvariantCulture)));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint} of site '{Site}' answered in {Took} (request {RequestId}).")]
        public static partial void Answered(ILogger logger, string site, string endpoint, TimeSpan took, string requestId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Request failed: {Failure} Duration: {Took}")]
        public static partial void Failed(ILogger logger, string failure, TimeSpan took);
    }
}
