using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost;

/// <summary>Runs a function once, in a scope of its own, within the time that host.json allows.</summary>
internal sealed partial class FunctionInvoker : IDisposable
{
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _abandon = new();

    public FunctionInvoker(
        IServiceScopeFactory scopes, TimeProvider time, HostJson hostJson, FunctionsHostOptions options,
        IHostApplicationLifetime lifetime, ILogger<FunctionInvoker> logger)
    {
        (_scopes, _time, _timeout, _logger) = (scopes, time, hostJson.FunctionTimeout, logger);
        lifetime.ApplicationStopping.Register(() => _abandon.CancelAfter(options.StopGrace));
    }

    /// <summary>Runs the function and throws what it throws.</summary>
    /// <exception cref="TimeoutException">It was cancelled because it took longer than host.json allows.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "It is rethrown; the filter only writes the log.")]
    public async Task InvokeAsync(Function function, Invocation invocation, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, _abandon.Token);
        await using var scope = _scopes.CreateAsyncScope();
        var context = new LocalFunctionContext(function, invocation, scope.ServiceProvider, ended.Token);
        context.Trigger = invocation.Trigger(context);

        using var run = Log.Run(_logger, function.Name, invocation.Id);
        var started = _time.GetTimestamp();
        Log.Started(_logger, function.Name, invocation.Id);
        try
        {
            var response = await function.CallAsync(context);
            await invocation.Respond(response, ended.Token);
            Log.Succeeded(_logger, function.Name, invocation.Id, Elapsed());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || _abandon.IsCancellationRequested)
        {
            Log.Cancelled(_logger, function.Name, invocation.Id, Elapsed());
            throw;
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            Log.TimedOut(_logger, function.Name, invocation.Id, _timeout);
            throw new TimeoutException($"Function {function.Name} was cancelled: host.json allows it {_timeout}.", exception);
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, exception, function.Name, invocation.Id, Elapsed());
            throw;
        }

        long Elapsed() => (long)_time.GetElapsedTime(started).TotalMilliseconds;
    }

    public void Dispose() => _abandon.Dispose();

    private static partial class Log
    {
        /// <summary>Marks whatever the function logs as its own.</summary>
        public static readonly Func<ILogger, string, string, IDisposable?> Run
            = LoggerMessage.DefineScope<string, string>("{Function} {InvocationId}");

        [LoggerMessage(1, LogLevel.Information, "{Function} started ({InvocationId}).")]
        public static partial void Started(ILogger logger, string function, string invocationId);

        [LoggerMessage(2, LogLevel.Information, "{Function} succeeded after {Milliseconds} ms ({InvocationId}).")]
        public static partial void Succeeded(ILogger logger, string function, string invocationId, long milliseconds);

        [LoggerMessage(3, LogLevel.Error, "{Function} failed after {Milliseconds} ms ({InvocationId}).")]
        public static partial void Failed(ILogger logger, Exception exception, string function, string invocationId, long milliseconds);

        [LoggerMessage(4, LogLevel.Warning, "{Function} was cancelled after {Milliseconds} ms ({InvocationId}).")]
        public static partial void Cancelled(ILogger logger, string function, string invocationId, long milliseconds);

        [LoggerMessage(5, LogLevel.Error, "{Function} was cancelled: it took longer than {Timeout} ({InvocationId}).")]
        public static partial void TimedOut(ILogger logger, string function, string invocationId, TimeSpan timeout);
    }
}
