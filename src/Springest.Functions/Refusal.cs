using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Springest.Functions.WebConsole;
using Springest.Functions.Http;
using Springest.Functions.Status;
using Springest.Functions.Status.Report;

namespace Springest.Functions;

/// <summary>
/// Stands in for every function of an app that cannot work with its settings: HTTP is answered 503, timers and blobs come to nothing, but
/// for that which measures: it says so. The host would start a process that ends again and again, until it gave up, and a corrected setting
/// restarts it anyway.
/// </summary>
internal sealed partial class Refusal(SettingsFault fault, TodoMetrics todo, ILogger<Refusal> logger)
    : IFunctionsWorkerMiddleware, IHostedService
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            // People look at the one, programs at the others.
            context.GetInvocationResult().Value = context.FunctionDefinition.Name == ConsoleFunctions.Page
                ? TypedResults.Text(fault.ForEverybody, statusCode: StatusCodes.Status503ServiceUnavailable)
                : Answers.Problem(HttpStatusCode.ServiceUnavailable, fault.ForEverybody);
        }

        if (context.FunctionDefinition.Name == MeasureFunction.Name)
            todo.RecordPart([new(TodoKinds.AppNotConfigured, "", "", fault.ForEverybody, null)]);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.Refusing(logger, fault.Sentences);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The app does nothing, because it cannot work with its settings. {Sentences}")]
        public static partial void Refusing(ILogger logger, string sentences);
    }
}
