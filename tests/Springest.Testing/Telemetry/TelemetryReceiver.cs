using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Springest.Testing.Telemetry.Otlp;

namespace Springest.Testing.Telemetry;

/// <summary>
/// A server that takes what exporters send: OTLP over HTTP as protobuf, and what the exporter for Azure Monitor sends to Application
/// Insights.
/// Set <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> to <c>http/protobuf</c>.
/// </summary>
public sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private readonly ConcurrentQueue<CapturedLog> _logs = new();
    private readonly ConcurrentQueue<CapturedMetric> _metrics = new();
    private readonly ConcurrentQueue<CapturedSpan> _spans = new();
    private readonly ConcurrentQueue<JsonObject> _items = new();

    private TelemetryReceiver(WebApplication app) => _app = app;

    /// <summary>For <c>Springest__Telemetry__OtlpEndpoint</c>.</summary>
    public string Endpoint => _app.Urls.Single();

    /// <summary>For <c>Springest__Telemetry__ConnectionString</c>.</summary>
    public string ConnectionString => $"InstrumentationKey={Guid.Empty};IngestionEndpoint={Endpoint}/;LiveEndpoint={Endpoint}/";

    /// <summary>All bodies, unpacked.</summary>
    public IReadOnlyCollection<byte[]> Bodies => _bodies;

    /// <summary>All logs sent by OTLP.</summary>
    public IReadOnlyCollection<CapturedLog> Logs => _logs;

    /// <summary>All points of metrics sent by OTLP.</summary>
    public IReadOnlyCollection<CapturedMetric> Metrics => _metrics;

    /// <summary>All spans sent by OTLP.</summary>
    public IReadOnlyCollection<CapturedSpan> Spans => _spans;

    /// <summary>All that was sent to Application Insights, as it was sent.</summary>
    public IReadOnlyCollection<JsonObject> Items => _items;

    /// <summary>Listens on a free port.</summary>
    public static async Task<TelemetryReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var receiver = new TelemetryReceiver(app);
        app.MapPost("/v1/logs", context => receiver.TakeAsync(context, body => receiver.Take(LogsRequest.Parser.ParseFrom(body))));
        app.MapPost("/v1/metrics", context => receiver.TakeAsync(context, body => receiver.Take(MetricsRequest.Parser.ParseFrom(body))));
        app.MapPost("/v1/traces", context => receiver.TakeAsync(context, body => receiver.Take(TraceRequest.Parser.ParseFrom(body))));
        app.MapPost("/v2.1/track", receiver.TrackAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Forgets what came until now.</summary>
    public void Clear()
    {
        _bodies.Clear();
        _logs.Clear();
        _metrics.Clear();
        _spans.Clear();
        _items.Clear();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        take(await ReadAsync(context.Request));
        // An answer without any field says that everything was taken.
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task TrackAsync(HttpContext context)
    {
        var lines = Encoding.UTF8.GetString(await ReadAsync(context.Request)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines)
            _items.Enqueue(JsonNode.Parse(line)!.AsObject());
        await context.Response.WriteAsJsonAsync(
            new
            {
                itemsReceived = lines.Length,
                itemsAccepted = lines.Length,
                errors = Array.Empty<object>(),
            });
    }

    private async Task<byte[]> ReadAsync(HttpRequest request)
    {
        await using var content =
            request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var body = new MemoryStream();
        await content.CopyToAsync(body, request.HttpContext.RequestAborted);
        _bodies.Enqueue(body.ToArray());
        return body.ToArray();
    }

    private void Take(LogsRequest request)
    {
        foreach (var scope in request.Resources.SelectMany(resource => resource.Scopes))
            foreach (var record in scope.Records)
                _logs.Enqueue(new(scope.Scope.Name, record.Severity, TextOf(record.Body), Read(record.Attributes)));
    }

    private void Take(MetricsRequest request)
    {
        foreach (var scope in request.Resources.SelectMany(resource => resource.Scopes))
            foreach (var metric in scope.Metrics)
            {
                foreach (var point in metric.Gauge?.Points ?? [])
                    _metrics.Enqueue(new(scope.Scope.Name, metric.Name, "gauge", ValueOf(point), 1, Read(point.Attributes)));
                foreach (var point in metric.Sum?.Points ?? [])
                    _metrics.Enqueue(new(scope.Scope.Name, metric.Name, "counter", ValueOf(point), 1, Read(point.Attributes)));
                foreach (var point in metric.Histogram?.Points ?? [])
                    _metrics.Enqueue(new(scope.Scope.Name, metric.Name, "histogram", point.Sum, (long)point.Count, Read(point.Attributes)));
            }
    }

    private void Take(TraceRequest request)
    {
        foreach (var scope in request.Resources.SelectMany(resource => resource.Scopes))
        foreach (var span in scope.Spans)
            _spans.Enqueue(
                new(
                    scope.Scope.Name,
                    span.Name,
                    span.Kind.ToString(),
                    span.Status?.Code is StatusCode.Error,
                    span.Status?.Message ?? "",
                    Read(span.Attributes)));
    }

    private static double ValueOf(Number point) => point.HasAsInt ? point.AsInt : point.AsDouble;

    private static Dictionary<string, string> Read(RepeatedField<Otlp.Attribute> attributes)
    {
        var read = new Dictionary<string, string>();
        foreach (var attribute in attributes)
            read[attribute.Key] = TextOf(attribute.Value);
        return read;
    }

    private static string TextOf(Value? value) => value?.ValueCase switch
    {
        null or Value.ValueOneofCase.None => "",
        Value.ValueOneofCase.Text => value.Text,
        Value.ValueOneofCase.Flag => value.Flag ? "true" : "false",
        Value.ValueOneofCase.Integer => FormattableString.Invariant($"{value.Integer}"),
        _ => FormattableString.Invariant($"{value.Number}"),
    };
}
