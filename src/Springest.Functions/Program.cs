using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using Springest.Functions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// The host limits size and pace of a body, and so does the app; limits of the web server between them would only cut their answers off.
builder.Services.Configure<KestrelServerOptions>(kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate) = (null, null));
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
