using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Springest.Functions.Settings;

namespace Springest.Functions.Telemetry;

public static class TelemetryServiceCollectionExtensions
{
    private const string Section = "Telemetry";

    /// <summary>
    /// Adds the settings, which are checked on start. The sentences have no values: a connection string is nobody else's business.
    /// </summary>
    public static IServiceCollection AddTelemetryOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TelemetryOptions>(configuration, Section)
            .Validate(
                options => options.ConnectionString is "" || options.HasValidConnectionString,
                "Springest__Telemetry__ConnectionString must be a connection string of Application Insights: "
                    + "InstrumentationKey=...;IngestionEndpoint=...")
            .Validate(
                options => options.OtlpEndpoint is "" || options.HasValidOtlpEndpoint,
                "Springest__Telemetry__OtlpEndpoint must be an address such as http://localhost:4317.");
        return services;
    }

    /// <summary>
    /// Exports logs, metrics and traces: the app's own, and the worker's span of each function. Not those of the storage clients and of
    /// HTTP, which name files and people, nor the clients' own logs. Exports nothing by a setting that is wrong: the app tells so by the
    /// other.
    /// </summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection($"Springest:{Section}").Get<TelemetryOptions>() ?? new();
        var telemetry = services.AddOpenTelemetry().UseFunctionsWorkerDefaults().WithMetrics(metrics => metrics.AddMeter("Springest.*"));
        if (options.HasValidConnectionString)
            telemetry.UseAzureMonitorExporter(azure =>
            {
                azure.ConnectionString = options.ConnectionString;
                azure.Credential = configuration["AZURE_CLIENT_ID"] is { Length: > 0 } identity
                    ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(identity))
                    : null;
                // By default it drops what was logged within a trace that was not sampled, errors too.
                azure.EnableTraceBasedLogsSampler = false;
            });
        if (options.HasValidOtlpEndpoint)
            telemetry.UseOtlpExporter(
                configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
                new Uri(options.OtlpEndpoint));
        services.Configure<OpenTelemetryLoggerOptions>(logs => logs.IncludeFormattedMessage = true);
        // Last, so that it counts: the runbook counts spans, and nobody shall sample them away, neither the exporter nor the host by the
        // parent's flags.
        telemetry.WithTracing(traces => traces.AddSource("Springest.*").SetSampler<AlwaysOnSampler>());
        return services;
    }
}
