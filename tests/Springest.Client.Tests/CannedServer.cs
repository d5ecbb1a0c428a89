using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Client.Tests;

/// <summary>
/// A web server that answers as it is told, byte for byte, for what no well-behaved server would send, and a client for it.
/// </summary>
public sealed class CannedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServiceProvider _services;

    private CannedServer(WebApplication app, ServiceProvider services)
    {
        _app = app;
        _services = services;
    }

    public Uri Address => new(_app.Urls.Single());

    public SpringestClient Client => _services.GetRequiredService<SpringestClient>();

    public LogLines Log => _services.GetRequiredService<LogLines>();

    public static async Task<CannedServer> StartAsync(
        RequestDelegate answer, Action<SpringestSiteOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new CannedServer(app, Api.Services(new Uri(app.Urls.Single()), configure, services));
    }

    public static Task<CannedServer> StartAsync(byte[] body, Action<SpringestSiteOptions>? configure = null)
        => StartAsync(context => context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask(), configure);

    public static Task<CannedServer> StartAsync(string body, Action<SpringestSiteOptions>? configure = null)
        => StartAsync(System.Text.Encoding.UTF8.GetBytes(body), configure);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
