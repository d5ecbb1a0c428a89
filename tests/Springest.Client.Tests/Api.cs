using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Springest.Simulator;

namespace Springest.Client.Tests;

/// <summary>A simulator and the client that is pointed at it, the way an application gets it.</summary>
public sealed class Api : IAsyncDisposable
{
    public const string Key = "canary/key+of general=1";
    public const string CertificationsKey = "canary&key of certifications%2";

    private readonly ServiceProvider _services;

    private Api(SimulatorServer simulator, ServiceProvider services)
    {
        Simulator = simulator;
        _services = services;
    }

    public SimulatorServer Simulator { get; }

    public SpringestClient Client => _services.GetRequiredService<SpringestClient>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public LogLines Log => _services.GetRequiredService<LogLines>();

    public static async Task<Api> StartAsync(
        SimulatorOptions? simulator = null, Action<SpringestSiteOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var options = (simulator ?? new SimulatorOptions()) with { ApiKey = Key, CertificationsApiKey = CertificationsKey };
        var server = await SimulatorServer.StartAsync(options, TestContext.Current.CancellationToken);
        return new Api(server, Services(server.Address, configure, services));
    }

    public static ServiceProvider Services(
        Uri host,
        Action<SpringestSiteOptions>? configure = null,
        Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<LogLines>();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).Services.AddSingleton<ILoggerProvider>(
            provider => provider.GetRequiredService<LogLines>()));
        services.AddSpringestClient("nl", site =>
        {
            site.Host = host;
            site.ApiKey = Key;
            site.CertificationsApiKey = CertificationsKey;
            site.RetryDelay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(site);
        });
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
