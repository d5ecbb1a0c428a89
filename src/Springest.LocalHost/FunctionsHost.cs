using System.Net;
using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Springest.LocalHost;

/// <summary>
/// Runs the functions of an assembly in this process: HTTP, timer and blob triggers, as Azure Functions would.
/// Unlike there, nothing keeps several hosts on one storage account apart: each fires its own timers and blob triggers.
/// </summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    // The platform's own limit for a request's body.
    private const long MaxRequestBody = 100 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly TimerTriggers _timers;
    private readonly BlobTriggers _blobs;
    private readonly Lazy<Task> _stop;

    private FunctionsHost(WebApplication app, TimeSpan patience)
    {
        _app = app;
        _stop = new Lazy<Task>(() => StopWithinAsync(patience));
        _timers = app.Services.GetRequiredService<TimerTriggers>();
        _blobs = app.Services.GetRequiredService<BlobTriggers>();
    }

    /// <summary>Where the host listens, such as <c>http://127.0.0.1:7071/</c>.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Checks every function, starts the app's services, listens, and then lets timers and blobs fire.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FunctionsHostException">A function, host.json or the port is not usable; the message says what and why.</exception>
    /// <exception cref="OptionsValidationException">The app's own settings are wrong.</exception>
    public static Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellationToken = default)
        // On the thread pool: the triggers outlive the call, and must not live on the caller's synchronization context.
        => Task.Run(() => StartOnPoolAsync(options, cancellationToken), cancellationToken);

    /// <summary>Runs a timer function once, now, whatever its schedule and without retries, and waits until it ends.</summary>
    /// <param name="functionName">The name in <c>[Function]</c>.</param>
    /// <param name="cancellationToken">Cancels the function's token.</param>
    /// <exception cref="ArgumentException">There is no timer function of this name.</exception>
    /// <exception cref="Exception">Whatever the function threw.</exception>
    public Task InvokeTimerAsync(string functionName, CancellationToken cancellationToken = default)
        => _timers.InvokeAsync(functionName, cancellationToken);

    /// <summary>
    /// Takes no new work and lets running functions end. Their token is cancelled after <see cref="FunctionsHostOptions.StopGrace"/>;
    /// five seconds later the host stops waiting for them. The app's services stop last.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the stopping.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _stop.Value.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<FunctionsHost> StartOnPoolAsync(FunctionsHostOptions options, CancellationToken cancellationToken)
    {
        var hostJson = HostJson.Load(options.HostJsonPath);
        var catalog = FunctionCatalog.Find(options.Classes ?? options.Assembly.GetTypes(), options.Configuration);
        var app = Build(options, hostJson, catalog);
        var host = new FunctionsHost(app, options.StopGrace + TimeSpan.FromSeconds(5));
        var canStop = false;
        try
        {
            app.Services.GetRequiredService<HttpTriggers>().Map(app);
            if (options.RunBlobTriggers)
                await host._blobs.CheckStorageAsync(cancellationToken);
            // Made before they are started: a host that could not make them cannot be stopped either, only disposed.
            _ = app.Services.GetServices<IHostedService>();
            canStop = true;
            await app.StartAsync(cancellationToken);
            if (options.RunBlobTriggers)
                await host._blobs.StartAsync(cancellationToken);
            if (options.RunTimers)
                host._timers.Start();
            return host;
        }
        catch (Exception exception)
        {
            await (canStop ? host.DisposeAsync() : app.DisposeAsync());
            if (exception is IOException { InnerException: AddressInUseException })
                throw new FunctionsHostException($"Port {options.Port} of 127.0.0.1 is taken. Choose another, or 0 for a free one.", exception);
            throw;
        }
    }

    private async Task StopWithinAsync(TimeSpan patience)
    {
        _app.Lifetime.StopApplication();
        using var impatient = new CancellationTokenSource(patience);
        try
        {
            await Task.WhenAll(_timers.Completion, _blobs.Completion).WaitAsync(impatient.Token);
        }
        catch (OperationCanceledException)
        {
            // A function that does not heed its token is left behind.
        }

        await _app.StopAsync(impatient.Token);
    }

    private static WebApplication Build(FunctionsHostOptions options, HostJson hostJson, FunctionCatalog catalog)
    {
        // Empty: no settings, log or signal handler but those asked for.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = options.Assembly.GetName().Name });
        builder.Configuration.AddConfiguration(options.Configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        options.ConfigureLogging?.Invoke(builder.Logging);

        var services = builder.Services;
        services.AddRouting();
        options.ConfigureServices?.Invoke(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<WorkerOptions>().PostConfigure(worker => worker.Serializer ??= JsonLikeTheWorker());
        services.AddSingleton<IHostLifetime, NoLifetime>();
        // How long stopping may take is decided in StopWithinAsync.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        services.AddSingleton(options).AddSingleton(hostJson).AddSingleton(catalog);
        services.AddSingleton<FunctionInvoker>().AddSingleton<FunctionKeys>().AddSingleton<PoisonBlobs>();
        services.AddSingleton<HttpTriggers>().AddSingleton<TimerTriggers>().AddSingleton<BlobTriggers>();
        services.QuietWebServer();
        return builder.Build();
    }

    private static JsonObjectSerializer JsonLikeTheWorker() => new(new JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    // Who runs the host decides what Ctrl-C means.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
