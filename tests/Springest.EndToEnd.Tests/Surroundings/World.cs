using System.Diagnostics;
using System.Text.Json;
using Springest.Simulator;
using Springest.Testing;

[assembly: AssemblyFixture(typeof(Springest.EndToEnd.Tests.Surroundings.World))]

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What all tests share, started when the first of them asks for it: Azurite, and an app of each topology.</summary>
public sealed class World : IAsyncDisposable
{
    /// <summary>A schedule by which nothing happens while a test runs.</summary>
    public const string OnceAYear = "0 0 0 1 1 *";

    private readonly Lazy<Task<Azurite>> _azurite = new(() => Azurite.StartAsync());
    private readonly Lazy<Task<App>> _oneWorker;
    private readonly Lazy<Task<App>> _workerPerScaleGroup;

    public World()
    {
        _oneWorker = new(ExternalHost.IsGiven ? ConnectAsync : () => StartOutsideAsync("One"));
        _workerPerScaleGroup = new(() => StartOutsideAsync("PerScaleGroup"));
    }

    public Task<Azurite> AzuriteAsync() => _azurite.Value;

    /// <summary>The app that runs already, or one that runs all functions in one worker.</summary>
    public Task<App> OneWorkerAsync() => _oneWorker.Value;

    /// <summary>An app with a worker for each scale group.</summary>
    public Task<App> WorkerPerScaleGroupAsync()
    {
        Assert.SkipWhen(ExternalHost.IsGiven, "How many workers it has is the target's affair.");
        return _workerPerScaleGroup.Value;
    }

    /// <summary>Storage, a simulator and an app for one test, which ends them.</summary>
    /// <param name="name">For its log file.</param>
    /// <param name="settings">What differs from the sample settings.</param>
    /// <param name="simulated">What the simulator holds.</param>
    /// <param name="waits">Whether until the app is well.</param>
    public async Task<App> StartAsync(
        string name,
        Dictionary<string, string>? settings = null,
        SimulatorOptions? simulated = null,
        bool waits = true)
    {
        Assert.SkipWhen(ExternalHost.IsGiven, ExternalHost.NotRun);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sends signals to processes, which Windows does not have.");
        return await StartLocalAsync(name, settings, simulated, waits);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in (Lazy<Task<App>>[])[_oneWorker, _workerPerScaleGroup])
            if (app.IsValueCreated && app.Value.IsCompletedSuccessfully)
                await app.Value.Result.DisposeAsync();
        if (_azurite is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await _azurite.Value.Result.DisposeAsync();
    }

    private async Task<App> StartOutsideAsync(string workers)
    {
        var settings = new Dictionary<string, string>
        {
            ["LocalHost__Workers"] = workers,
            // Those that a test tells to run do not run by themselves. Webhooks keep theirs, for what is not applied as it comes.
            ["Springest__Certificates__SweepSchedule"] = OnceAYear,
            ["Springest__Privacy__Schedule"] = OnceAYear,
            ["Springest__Webhooks__RetryDelay"] = "00:00:01",
        };
        foreach (var table in Mirror.Tables)
            settings[$"Springest__Mirror__{table}__Schedule"] = OnceAYear;
        var app = await StartLocalAsync($"outside-{workers}", settings, simulated: null, waits: true);
        try
        {
            await Challenge.PutAsync(app);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private async Task<App> StartLocalAsync(string name, Dictionary<string, string>? settings, SimulatorOptions? simulated, bool waits)
    {
        var (azurite, clock) = (await _azurite.Value, Stopwatch.StartNew());
        var (simulator, keys) = (await SimulatorServer.StartAsync(simulated ?? App.Simulated), Keys.Make());
        var prefix = $"e{Guid.NewGuid():N}"[..12];
        var all = new Dictionary<string, string>(SampleSettings())
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["AzureFunctionsWebHost__hostid"] = prefix,
            ["LocalHost__FunctionKey"] = keys.Function,
            ["LocalHost__MasterKey"] = keys.Master,
            ["LocalHost__SystemKey"] = keys.System,
            ["Springest__Access__Keys"] = keys.AccessSetting,
            ["LocalHost__FunctionKeys__ReceiveTrainingsWebhook"] = keys.Webhook!,
            // Tests announce what they drop themselves.
            ["LocalHost__AnnounceBlobs"] = "false",
            ["Springest__Sites__nl__Host"] = $"{simulator.Address}",
            ["Springest__Sites__nl__ApiKey"] = App.ApiKey,
            ["Springest__Storage__Prefix"] = prefix,
            ["Springest__Certificates__Container"] = $"{prefix}certificates",
        };
        foreach (var (setting, value) in settings ?? [])
            all[setting] = value;
        var app = new App(name, simulator, keys, all["AzureWebJobsStorage"], prefix, all["Springest__Certificates__Container"], all);
        try
        {
            await app.StartInstanceAsync();
            if (waits)
            {
                await app.IsWellAsync();
                Console.WriteLine($"Start of {name}, with new tables, to the first 200: {clock.Elapsed.TotalSeconds:0.0} s");
            }

            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task<App> ConnectAsync()
    {
        var simulator = await SimulatorServer.StartAsync(App.Simulated with { Port = ExternalHost.Simulator.Port });
        var app = new App(
            "external",
            simulator,
            ExternalHost.Keys,
            ExternalHost.Storage,
            ExternalHost.StoragePrefix,
            ExternalHost.Container,
            settings: null);
        app.PointTo(ExternalHost.Address);
        await app.IsWellAsync();
        await Challenge.PutAsync(app);
        return app;
    }

    private static Dictionary<string, string> SampleSettings()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")));
        return sample
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.ToString());
    }
}
