using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Control;
using Springest.Simulator.Data;
using Springest.Simulator.Http;
using Springest.Simulator.Keys;
using Springest.Simulator.Recording;
using Springest.Simulator.Webhooks;

namespace Springest.Simulator;

/// <summary>
/// An imitation of one Springest host: a web server on a loopback port, its data, its faults, and a record of all requests.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WebhookSender _webhooks;

    private SimulatorServer(WebApplication app, SimulatorOptions options)
    {
        _app = app;
        Clock = options.TimeProvider;
        Catalogue = CatalogueGenerator.Generate(options);
        Keys = new KeyRing(options);
        Requests = new RequestLog(Clock);
        Bookings = new BookingBook(Clock);
        _webhooks = new WebhookSender(Catalogue, Clock);
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The data that is served. Safe to change while requests are answered.</summary>
    public Catalogue Catalogue { get; }

    /// <summary>How requests are answered: latency, faults, limits, and what docs/springest-api.md leaves open.</summary>
    public Behaviour Behaviour { get; set; } = new();

    /// <summary>The keys that are known, and what each may do.</summary>
    public KeyRing Keys { get; }

    /// <summary>Every request received, in order of arrival.</summary>
    public RequestLog Requests { get; }

    /// <summary>Every certificate that was posted and accepted.</summary>
    public CertificateLog Certificates { get; } = new();

    /// <summary>The users that were posted.</summary>
    public UserDirectory Users { get; } = new();

    /// <summary>The bookings that were made.</summary>
    public BookingBook Bookings { get; }

    internal TimeProvider Clock { get; }

    internal RateLimiter RateLimiter { get; } = new();

    internal CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Generates the catalogue and starts to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SimulatorOptions();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        try
        {
            var simulator = new SimulatorServer(app, options);
            var (api, control) = (new ApiPipeline(simulator), new ControlApi(simulator));
            app.Run(context => ControlApi.Takes(context.Request) ? control.InvokeAsync(context) : api.InvokeAsync(context));
            await app.StartAsync(cancellationToken);
            simulator.Address = new Uri(app.Urls.Single());
            return simulator;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Tells changes to a receiver of webhooks (docs/springest-api.md, section 9): all of them in one body, or in the format of 2014 each
    /// in its own. The catalogue is not changed by it.
    /// </summary>
    /// <returns>One delivery per body, in order.</returns>
    public Task<IReadOnlyList<WebhookDelivery>> SendWebhookAsync(
        Uri target, IEnumerable<Change> changes, WebhookFormat format = WebhookFormat.Changes, WebhookOptions? options = null,
        CancellationToken cancellationToken = default)
        => _webhooks.SendAsync(target, [.. changes], format, options ?? new WebhookOptions(), cancellationToken);

    /// <summary>Waits until the server is told to stop, by Ctrl-C or the token.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops listening; requests in progress are broken off after two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _webhooks.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
