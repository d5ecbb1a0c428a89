using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using Springest.Functions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSpringestFunctions(builder.Configuration);

var telemetry = builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter("Springest.*"))
    .WithTracing(traces => traces.AddSource("Springest.*"))
    .UseFunctionsWorkerDefaults();
if (builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
    telemetry.UseAzureMonitorExporter(options => options.Credential = builder.Configuration["AZURE_CLIENT_ID"] is { Length: > 0 } identity
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(identity))
        : null);
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
    telemetry.UseOtlpExporter();

builder.Build().Run();
