using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Springest.Functions;
using Springest.Functions.Access;
using Springest.Functions.Http;
using Springest.Functions.Status;
using Springest.Functions.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
if (SettingsFault.Find(builder.Configuration) is not { } fault)
{
    builder.Services.AddSpringestFunctions(builder.Configuration);
    builder.UseMiddleware<AccessMiddleware>();
    builder.UseMiddleware<FailureMiddleware>();
}
else if (builder.Environment.IsDevelopment())
{
    Console.Error.WriteLine(fault.Sentences);
    return 1;
}
else
{
    builder.Services.AddWebServer().AddSingleton(fault).AddSingleton<TodoMetrics>()
        .AddHostedService(provider => provider.GetRequiredService<Refusal>());
    builder.UseMiddleware<Refusal>();
}

builder.Services.AddTelemetry(builder.Configuration);
await builder.Build().RunAsync();
return 0;
