using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Springest.LocalHost.Protocol;
using Springest.LocalHost.Settings;
using Springest.LocalHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace Springest.LocalHost.Http;

/// <summary>Answers a request by a function: announces the invocation to the worker, and forwards the request to the worker's web server.</summary>
internal sealed partial class FunctionForwarder(
    WorkerPool workers, FunctionKeys keys, HostSettings settings, IHttpForwarder forwarder, ILoggerFactory logs) : IDisposable
{
    /// <summary>Ties the forwarded request to the invocation.</summary>
    private const string InvocationHeader = "x-ms-invocation-id";

    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // Headers go on as they came.
        ActivityHeadersPropagator = null,
    });

    /// <summary>Answers, or refuses.</summary>
    public async Task AnswerAsync(HttpContext http, WorkerFunction function)
    {
        var log = logs.CreateLogger($"Function.{function.Name}");
        if (!keys.OpenFunction(http.Request, function.Name, function.Text("authLevel")))
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (http.Request.ContentLength > settings.MaxRequestBody)
            Fail(http, log, function, "The body is larger than the host takes.");
        else
            try
            {
                await ForwardAsync(http, function, log);
            }
            catch (Exception exception) when (exception is WorkerException or OperationCanceledException)
            {
                Fail(http, log, function, exception.Message);
            }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext http, WorkerFunction function, ILogger log)
    {
        var started = Stopwatch.GetTimestamp();
        var worker = await workers.ReadyAsync(function, http.RequestAborted);
        var invocation = InvocationFor(http, function);
        // Set and not added: by a caller's own the worker would wait for an invocation that never comes.
        http.Request.Headers[InvocationHeader] = invocation.InvocationId;
        Log.Executing(log, function.Name, invocation.InvocationId);

        // Whichever reaches the worker first waits there for the other, some seconds at most.
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var invoking = worker.InvokeAsync(function, invocation, unwanted.Token);
        var error = await forwarder.SendAsync(http, worker.HttpUri, _client, Config);
        if (error is not ForwarderError.None)
            await unwanted.CancelAsync();
        // The worker's web server answers 200 for a function that throws; only the invocation tells.
        await invoking;
        if (error is ForwarderError.None)
            Log.Executed(log, function.Name, invocation.InvocationId, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        else
            Fail(http, log, function, $"The request could not be forwarded ({error}).");
    }

    private static InvocationRequest InvocationFor(HttpContext http, WorkerFunction function)
    {
        // Empty: everything about the request comes by HTTP.
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            InputData = { new ParameterBinding { Name = function.Parameter, Data = new() { Http = new RpcHttp() } } },
        };
        foreach (var (name, value) in http.Request.RouteValues)
            if (value?.ToString() is { } text)
                invocation.TriggerMetadata[name] = new() { String = text };
        invocation.TriggerMetadata["Headers"] = Texts(http.Request.Headers.Select(header => (header.Key, header.Value.ToString())));
        invocation.TriggerMetadata["Query"] = Texts(http.Request.Query.Select(value => (value.Key, value.Value.ToString())));
        if (ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out _))
            invocation.TraceContext = new() { TraceParent = http.Request.Headers.TraceParent, TraceState = http.Request.Headers.TraceState.ToString() };
        return invocation;

        static TypedData Texts(IEnumerable<(string Name, string Value)> texts)
            => new() { Json = JsonSerializer.Serialize(texts.ToDictionary(text => text.Name, text => text.Value)) };
    }

    private static void Fail(HttpContext http, ILogger log, WorkerFunction function, string why)
    {
        Log.Failed(log, function.Name, why);
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Executing 'Functions.{Function}' (Id={Id})")]
        public static partial void Executing(ILogger logger, string function, string id);

        [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' (Succeeded, Id={Id}, Duration={Milliseconds:0}ms)")]
        public static partial void Executed(ILogger logger, string function, string id, double milliseconds);

        [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed): {Why}")]
        public static partial void Failed(ILogger logger, string function, string why);
    }
}
