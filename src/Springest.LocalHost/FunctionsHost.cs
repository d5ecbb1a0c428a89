namespace Springest.LocalHost;

/// <summary>Runs the functions of an assembly in this process: HTTP, timer and blob triggers, as Azure Functions would.</summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    /// <summary>Where the host listens, such as <c>http://127.0.0.1:7071/</c>.</summary>
    public Uri Address => throw new NotImplementedException();

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => throw new NotImplementedException();

    /// <summary>Starts the app's services, then its triggers.</summary>
    public static Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellationToken = default)
        => throw new NotImplementedException();

    /// <summary>Runs a timer function once, now, whatever its schedule, and throws what it threw.</summary>
    public Task InvokeTimerAsync(string functionName, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Takes no new work, lets running functions end, cancels their token after the grace, and stops the app's services.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
