using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using Springest.Functions;
using Springest.Functions.Http;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
if (SettingsFault.Find(builder.Configuration) is not { } fault)
{
    builder.Services.AddSpringestFunctions(builder.Configuration);
}
else if (builder.Environment.IsDevelopment())
{
    Console.Error.WriteLine(fault.Sentences);
    return 1;
}
else
{
    builder.Services.AddWebServer().AddSingleton(fault).AddHostedService(provider => provider.GetRequiredService<Refusal>());
    builder.UseMiddleware<Refusal>();
}

// The platform gives five seconds.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4.5));

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

await builder.Build().RunAsync();
return 0;
