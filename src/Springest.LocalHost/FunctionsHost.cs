using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Springest.LocalHost.Http;
using Springest.LocalHost.Jobs;

namespace Springest.LocalHost;

/// <summary>Runs a published app: its workers, what triggers them, and what answers callers.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private readonly HostSettings _settings;
    private readonly WebApplication _web;
    private readonly WorkerPool _workers;
    private readonly CancellationTokenSource _stopping = new();
    private bool _open;

    public FunctionsHost(HostSettings settings)
    {
        _settings = settings;
        _web = Build(settings, PublishedApp.Open(settings.App));
        _workers = _web.Services.GetRequiredService<WorkerPool>();
    }

    public Uri Address => new(_web.Urls.First());

    /// <summary>Ends when the host gives up; its result says why.</summary>
    public Task<string> GivenUp => _workers.GivenUp;

    /// <summary>Starts a worker, learns its functions, and then lets requests, timers and blobs in.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _web.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new HostException($"Port {_settings.Port} of 127.0.0.1 is taken. Choose another, or 0 for a free one.", exception);
        }

        // Neither needs the other, and each takes its time.
        var starting = _workers.StartAsync(new Uri(_web.Urls.Last()), cancellationToken);
        var making = Task.Run(() => MakeJobsAsync(cancellationToken), cancellationToken);
        await Task.WhenAll(starting, making);
        var (functions, jobs) = (await starting, await making);
        await jobs.StartAsync(functions, _workers, cancellationToken);
        _web.Services.GetRequiredService<HostEndpoints>().Open(functions, jobs);
        if (_settings.AnnounceBlobs)
            await jobs.AnnounceBlobsAsync(_stopping.Token);
        _open = true;
    }

    /// <summary>Takes no new work, cancels timers and blobs, lets requests end for a while, and then ends the workers.</summary>
    public async ValueTask DisposeAsync()
    {
        _open = false;
        await _stopping.CancelAsync();
        using var impatient = new CancellationTokenSource(_settings.StopGrace);
        await Task.WhenAll(_workers.StopAsync(), _web.Services.GetRequiredService<JobsHost>().StopAsync(impatient.Token))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _web.StopAsync(impatient.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _web.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task<JobsHost> MakeJobsAsync(CancellationToken cancellationToken)
    {
        var jobs = _web.Services.GetRequiredService<JobsHost>();
        await jobs.ReachStorageAsync(cancellationToken);
        return jobs;
    }

    private WebApplication Build(HostSettings settings, PublishedApp app)
    {
        // Empty: no settings, log or signal handler but those asked for.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = Path.GetFileNameWithoutExtension(app.Program) });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBody;
            kestrel.Listen(IPAddress.Loopback, settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
            // For the workers.
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        HostLog.Configure(builder.Logging, app.HostJson);
        builder.Services.AddRouting().AddHttpForwarder().AddSingleton(settings).AddSingleton(app).AddSingleton<WorkerPool>()
            .AddSingleton<FunctionKeys>().AddSingleton<FunctionForwarder>().AddSingleton<HostEndpoints>().AddSingleton<BlobEvents>()
            .AddSingleton<JobsHost>().AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
        var web = builder.Build();
        web.Use((http, next) => _open || HttpProtocol.IsHttp2(http.Request.Protocol)
            ? next(http)
            : Results.StatusCode(503).ExecuteAsync(http));
        ((IEndpointRouteBuilder)web).DataSources.Add(web.Services.GetRequiredService<HostEndpoints>());
        web.MapGrpcService<WorkerService>();
        return web;
    }
}
