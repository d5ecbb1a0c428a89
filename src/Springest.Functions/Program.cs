using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Springest.Functions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddSpringestFunctions(builder.Configuration);
builder.Build().Run();
