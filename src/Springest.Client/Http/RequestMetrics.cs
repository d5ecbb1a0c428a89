using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace Springest.Client.Http;

/// <summary>The requests of one site, as a metric of the meter <c>Springest.Client</c>.</summary>
internal sealed class RequestMetrics(string site, IMeterFactory meters)
{
    private readonly Histogram<double> _duration = meters.Create("Springest.Client").CreateHistogram<double>(
        "springest.client.duration", "s", "Requests to the API, each attempt by itself, from sending to the last byte of the answer.");

    public void Ended(HttpMethod method, HttpStatusCode? status, TimeSpan took)
        => _duration.Record(
            took.TotalSeconds, new("site", site), new("method", method.Method),
            new("status", status is { } known ? ((int)known).ToString(CultureInfo.InvariantCulture) : "none"));
}
