namespace Springest.Functions.Telemetry;

/// <summary>
/// Settings <c>Springest:Telemetry</c>. They have names of the app's own: by the usual ones, <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>
/// and
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, the Functions host exports its own traces as well, and those name files.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>The connection string of the Application Insights resource that logs, metrics and traces go to; empty for none.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The address of the OpenTelemetry collector that they go to; empty for none.</summary>
    public string OtlpEndpoint { get; set; } = "";

    internal bool HasValidConnectionString
        => ConnectionString.Split(';').Any(part => part.Split('=', 2) is ["InstrumentationKey", var key] && Guid.TryParse(key, out _));

    internal bool HasValidOtlpEndpoint => Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
