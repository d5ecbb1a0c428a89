using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Springest.Client.Http;

/// <summary>
/// Sends the calls of one site. From the outside in: the time for the call, then <see cref="RetryHandler"/>, <see cref="PermitHandler"/>,
/// <see cref="TelemetryHandler"/>, <see cref="ErrorHandler"/>, the handlers of the program, <see cref="ApiKeyHandler"/>.
/// </summary>
internal sealed partial class SiteConnection(
    string site, HttpClient http, SpringestSiteOptions options, TimeProvider time, ILogger<SpringestClient> logger)
{
    /// <summary>Of meter and traces.</summary>
    public const string Name = "Springest.Client";

    private readonly KeyMask _keys = new(options.ApiKey, options.CertificationsApiKey);

    public string Site => site;

    public SpringestSiteOptions Options => options;

    public static DelegatingHandler[] CreateHandlers(
        string site, SpringestSiteOptions options, TimeProvider time, Meter meter, ILogger<SpringestClient> logger)
        => [new RetryHandler(options, time), new PermitHandler(), new TelemetryHandler(site, time, meter, logger),
            new ErrorHandler(options, time)];

    public static void Configure(HttpClient http)
    {
        // Time is kept by the handlers.
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Springest.Client/1.0");
    }

    /// <summary>The call, with the answer of success in <see cref="SpringestCall.Answer"/>.</summary>
    public async Task<SpringestCall> SendAsync(SpringestRequest request, RateLimits limits, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.Deadline, time, cancellationToken);
        var call = new SpringestCall(site, options, WithExtension(request), limits, deadline, _keys);
        using var message = call.CreateMessage();
        try
        {
            (await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false)).Dispose();
            return call;
        }
        catch (OperationCanceledException e) when (deadline.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw call.DeadlineExceeded(e);
        }
    }

    /// <summary>A list goes on without end.</summary>
    public SpringestException Endless(SpringestRequest list, string why, bool isTransient)
    {
        var endpoint = WithExtension(list).Endpoint;
        return new($"{endpoint} of site '{site}' gave a list that does not end: {why}.") { Endpoint = endpoint, IsTransient = isTransient };
    }

    public void Report(SpringestRequest request, IEnumerable<SkippedRecord> skipped)
    {
        foreach (var record in skipped)
            Log.Skipped(logger, request.Path, site, record.Position);
    }

    private SpringestRequest WithExtension(SpringestRequest request)
        => request with { Extension = request.Extension ?? (options.Format == SpringestFormat.Xml ? "xml" : "json") };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Record skipped: {Path} of site '{Site}' has no readable record at {Position}")]
        public static partial void Skipped(ILogger logger, string path, string site, int position);
    }
}
