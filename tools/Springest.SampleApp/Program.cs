using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Springest.SampleApp;

if (Environment.GetEnvironmentVariable("Sample__Fake") is { Length: > 0 } fault)
    return await FakeWorker.RunAsync(fault, args);

if (Environment.GetEnvironmentVariable("Sample__Number") is { } number && !int.TryParse(number, out _))
{
    Console.Error.WriteLine($"Sample__Number is '{number}' but must be a number.");
    return 1;
}

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.Configure<KestrelServerOptions>(kestrel =>
    (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MinRequestBodyDataRate) = (null, null));
if (builder.Configuration.GetValue("Sample:LogEverything", false))
    builder.Logging.SetMinimumLevel(LogLevel.Trace);
builder.Build().Run();
return 0;
