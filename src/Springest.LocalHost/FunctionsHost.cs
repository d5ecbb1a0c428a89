using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Springest.LocalHost.Http;
using Springest.LocalHost.Jobs;
using Springest.LocalHost.Protocol;
using Springest.LocalHost.Settings;
using Springest.LocalHost.Workers;

namespace Springest.LocalHost;

/// <summary>Runs a published app: its workers, what triggers them, and what answers callers.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HostSettings _settings;
    private readonly WorkerPool _workers;
    private readonly CancellationTokenSource _stopping = new();
    private JobsHost? _jobs;
    private int _requests;
    private bool _open;

    private FunctionsHost(PublishedApp app, HostSettings settings, HostJson hostJson, IConfiguration configuration, int port)
    {
        _settings = settings;
        _web = Build(app, settings, hostJson, configuration, port);
        _workers = _web.Services.GetRequiredService<WorkerPool>();
    }

    /// <summary>Where callers find it.</summary>
    public Uri Address => new(_web.Urls.First());

    /// <summary>Ends when the host gives up; its result says why.</summary>
    public Task<string> GivenUp => _workers.GivenUp;

    /// <summary>Starts a worker, learns its functions, and then lets requests, timers and blobs in.</summary>
    /// <exception cref="HostException">It cannot; the message says why.</exception>
    public static async Task<FunctionsHost> StartAsync(
        IConfiguration configuration, IReadOnlyDictionary<string, string?> environment, int port, CancellationToken cancellationToken)
    {
        var settings = HostSettings.Read(configuration);
        var app = PublishedApp.Open(settings.App);
        var host = new FunctionsHost(app, settings, HostJson.Load(app.Folder), configuration, port);
        try
        {
            await host.StartAsync(app, environment, cancellationToken);
            return host;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await host.DisposeAsync();
            throw new HostException($"Port {port} of 127.0.0.1 is taken. Choose another, or 0 for a free one.", exception);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Takes no new work, lets requests end for a while and cancels timers and blobs, as the platform does; then ends the workers.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _open = false;
        await _stopping.CancelAsync();
        using var impatient = new CancellationTokenSource(_settings.StopGrace);
        await Task.WhenAll(_jobs?.StopAsync(impatient.Token) ?? Task.CompletedTask, RequestsEndAsync(impatient.Token))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _workers.StopAsync();
        await _web.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StartAsync(PublishedApp app, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        await _web.StartAsync(cancellationToken);
        var events = _web.Services.GetRequiredService<BlobEvents>();
        var endpoints = _web.Services.GetRequiredService<HostEndpoints>();
        // Made while the worker starts.
        var jobs = Task.Run(_web.Services.GetRequiredService<JobsHost>, cancellationToken);
        var functions = await _workers.StartAsync(app, new Uri(_web.Urls.Last()), environment, cancellationToken);
        _jobs = await jobs;
        await _jobs.StartAsync(functions, _workers, cancellationToken);
        endpoints.Open(functions, _jobs, events);
        if (_settings.AnnounceBlobs)
            await _jobs.Announcer(functions, events).StartAsync(_stopping.Token);
        _open = true;
    }

    private WebApplication Build(PublishedApp app, HostSettings settings, HostJson hostJson, IConfiguration configuration, int port)
    {
        // Empty: no settings, log or signal handler but those asked for.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = Path.GetFileNameWithoutExtension(app.Program) });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // The platform's limits; its web server's minimum rate of a body is Kestrel's own.
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBody;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        HostLog.Configure(builder.Logging, hostJson);
        builder.Services.AddRouting().AddHttpForwarder()
            .AddSingleton(settings).AddSingleton(hostJson).AddSingleton(configuration)
            .AddSingleton<WorkerPool>().AddSingleton<FunctionKeys>().AddSingleton<FunctionForwarder>()
            .AddSingleton<HostEndpoints>().AddSingleton<BlobEvents>().AddSingleton<JobsHost>()
            .AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
        var web = builder.Build();
        web.Use(CountAsync);
        ((IEndpointRouteBuilder)web).DataSources.Add(web.Services.GetRequiredService<HostEndpoints>());
        web.MapGrpcService<WorkerService>();
        return web;
    }

    /// <summary>Counts the requests of callers, and takes none before the start and after the stop. Workers come by HTTP/2.</summary>
    private async Task CountAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            await next(http);
            return;
        }

        if (!_open)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        Interlocked.Increment(ref _requests);
        try
        {
            await next(http);
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    private async Task RequestsEndAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _requests) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }

    // Who runs the host decides what Ctrl-C means.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
