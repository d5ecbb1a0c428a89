using System.Diagnostics;
using Yarp.ReverseProxy.Forwarder;

namespace Springest.LocalHost.Http;

/// <summary>Answers by a function: announces the invocation to the worker, and forwards the request to the worker's web server.</summary>
internal sealed partial class FunctionForwarder(
    WorkerPool workers, FunctionKeys keys, HostSettings settings, IHttpForwarder forwarder, ILoggerFactory logs) : IDisposable
{
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null });

    public async Task AnswerAsync(HttpContext http, WorkerFunction function)
    {
        if (!keys.OpenFunction(http.Request, function.Name, function.Text("authLevel")))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var (log, id, started) = (logs.CreateLogger($"Function.{function.Name}"), $"{Guid.NewGuid()}", Stopwatch.GetTimestamp());
        Log.Executing(log, function.Name, id);
        try
        {
            if (http.Request.ContentLength > settings.MaxRequestBody)
                throw new HostException("The body is larger than the host takes.");
            await ForwardAsync(http, function, id);
            Log.Executed(log, function.Name, id, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception exception) when (exception is HostException or OperationCanceledException)
        {
            Log.Failed(log, function.Name, id, exception.Message);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext http, WorkerFunction function, string id)
    {
        var worker = await workers.ReadyAsync(function, http.RequestAborted);
        var request = InvocationFor(http.Request);
        // Ties the two together. Set and not added: by a caller's own the worker would wait for an invocation that never comes.
        http.Request.Headers["x-ms-invocation-id"] = id;
        // Whichever reaches the worker first waits there for the other, some seconds at most.
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        // Empty: everything about the request comes by HTTP.
        var invoking = worker.InvokeAsync(function, id, new() { Http = new RpcHttp() }, request, unwanted.Token);
        var error = await forwarder.SendAsync(http, worker.HttpUri, _client, Config);
        if (error is not ForwarderError.None)
            await unwanted.CancelAsync();
        // The worker's web server answers 200 for a function that throws; only the invocation tells.
        await invoking;
        if (error is not ForwarderError.None)
            throw new HostException($"The request could not be forwarded ({error}).");
    }

    private static InvocationRequest InvocationFor(HttpRequest http)
    {
        var invocation = new InvocationRequest();
        foreach (var (name, value) in http.RouteValues)
            invocation.TriggerMetadata[name] = new() { String = $"{value}" };
        if (ActivityContext.TryParse(http.Headers.TraceParent, http.Headers.TraceState, isRemote: true, out _))
            invocation.TraceContext = new() { TraceParent = http.Headers.TraceParent, TraceState = $"{http.Headers.TraceState}" };
        return invocation;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Executing 'Functions.{Function}' (Id={Id})")]
        public static partial void Executing(ILogger logger, string function, string id);

        [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' (Succeeded, Id={Id}, Duration={Milliseconds:0}ms)")]
        public static partial void Executed(ILogger logger, string function, string id, double milliseconds);

        [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={Id}): {Why}")]
        public static partial void Failed(ILogger logger, string function, string id, string why);
    }
}
