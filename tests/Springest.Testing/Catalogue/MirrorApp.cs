using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Springest.Functions;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Storage;
using Springest.Simulator;
using Springest.Testing.Memory;

namespace Springest.Testing.Catalogue;

/// <summary>One instance of the app as the mirror sees it: its services without a host, against a storage and a simulator.</summary>
internal sealed class MirrorApp : IAsyncDisposable
{
    private ServiceProvider _services = null!;

    public CatalogueSync Crawler => _services.GetRequiredService<CatalogueSync>();

    public CatalogueMirror Mirror => _services.GetRequiredService<CatalogueMirror>();

    public CatalogueStatus Status => _services.GetRequiredService<CatalogueStatus>();

    public CatalogueStore Store => _services.GetRequiredService<CatalogueStore>();

    public CatalogueReader Reader => _services.GetRequiredService<CatalogueReader>();

    public AppStorage Storage => _services.GetRequiredService<AppStorage>();

    /// <summary>Sees and stops the app's requests to storage.</summary>
    public StorageTap Tap { get; } = new();

    public static Task<MirrorApp> StartAsync(
        string storage, string prefix, SimulatorServer simulator, Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
        => StartAsync(storage, prefix, simulator.Address, settings, clock);

    /// <param name="storage">The account; that of <paramref name="memory"/> if there is one.</param>
    /// <param name="prefix">Of its tables and containers.</param>
    /// <param name="address">The API's.</param>
    /// <param name="settings">Beside the usual ones.</param>
    /// <param name="clock">The app's.</param>
    /// <param name="memory">A storage in memory.</param>
    /// <param name="api">An API in memory.</param>
    /// <param name="quotaClock">The quota's, where it is another than the app's.</param>
    public static async Task<MirrorApp> StartAsync(
        string storage, string prefix, Uri address, Dictionary<string, string?>? settings = null, TimeProvider? clock = null,
        MemoryStorage? memory = null, HttpMessageHandler? api = null, TimeProvider? quotaClock = null)
    {
        var usual = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = storage,
            ["Springest:Storage:Prefix"] = prefix,
            ["Springest:Sites:nl:Host"] = address.ToString(),
            ["Springest:Sites:nl:ApiKey"] = "simulator-key",
            ["Springest:Mirror:SnapshotsKept"] = "0",
        };
        foreach (var resource in MirroredResources.All)
            usual[$"Springest:Mirror:{resource.Name}:FullPassInterval"] = "00:00:00";
        // By the system's clock, nothing is late on a busy machine.
        if (clock is null)
        {
            usual["Springest:Mirror:LeaseDuration"] = "01:00:00";
            (usual["Springest:Quota:PassPatience"], usual["Springest:Quota:WebhookPatience"]) = ("00:05:00", "00:05:00");
        }

        // A test's own stand first: of a name in two cases, the configuration gives back the first.
        var all = new Dictionary<string, string?>(settings ?? []);
        foreach (var (name, value) in usual)
            all.TryAdd(name, value);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        // Storage in memory goes by a clock that a test can tell; by a real one, a test's own would be set right.
        if (clock is not null && memory is not null)
            services.AddSingleton(new StorageClock(clock)).AddSingleton<TimeProvider>(own => own.GetRequiredService<StorageClock>());
        else if (clock is not null)
            services.AddSingleton(clock);
        var app = new MirrorApp();
        services.AddSpringestFunctions(configuration);

        if (quotaClock is not null)
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<QuotaLimiterRegistry>(provider, quotaClock));
        if (api is not null)
            services.AddHttpClient("Springest.nl").ConfigurePrimaryHttpMessageHandler(() => api);
        services.AddSingleton(provider => new TableServiceClient(storage, app.Tapped(new TableClientOptions(), provider, memory)));
        services.AddSingleton(provider => new BlobServiceClient(storage, app.Tapped(new BlobClientOptions(), provider, memory)));
        app._services = services.BuildServiceProvider();
        foreach (
            var service in app
                ._services.GetServices<IHostedService>()
                .Where(service => service.GetType().Namespace == typeof(AppStorage).Namespace))
        {
            await service.StartAsync(CancellationToken.None);
            // The app does not wait long for its tables; a test does.
            if (service is BackgroundService { ExecuteTask: { } setup })
                await setup;
        }

        return app;
    }

    /// <param name="resource">Null is trainings.</param>
    public Task<SyncOutcome> TickAsync(ResourceDescription? resource = null)
        => Crawler.TickAsync(new("nl", resource ?? Trainings.Description), CancellationToken.None);

    /// <summary>Ticks until a pass has come to its end.</summary>
    /// <param name="resource">Null is trainings.</param>
    public async Task CompleteAsync(ResourceDescription? resource = null)
    {
        for (var ticks = 0; await TickAsync(resource) is not SyncOutcome.Completed; ticks++)
        {
            if (ticks == 20)
                throw new InvalidOperationException($"The pass over {(resource ?? Trainings.Description).Name} does not end.");
        }
    }

    /// <summary>As when the time of a dead or silent run's lock is up.</summary>
    public async Task ExpireLeaseAsync()
    {
        while (!await TryExpireLeaseAsync())
        {
        }
    }

    public BlobContainerClient Container(string name) => Storage.Container(name);

    /// <summary>What the mirror says is wrong with it.</summary>
    public async Task<string?> ProblemAsync() => (await Status.ReadAsync(CancellationToken.None).SingleAsync()).Problem;

    /// <summary>The blobs of the snapshots, by name.</summary>
    public async Task<SortedDictionary<string, byte[]>> SnapshotFilesAsync()
    {
        var container = Storage.Container(CatalogueStorage.Snapshots);
        var blobs = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: CancellationToken.None))
            blobs.Add(
                blob.Name,
                (await container.GetBlobClient(blob.Name).DownloadContentAsync(CancellationToken.None)).Value.Content.ToArray());
        return blobs;
    }

    /// <summary>All rows of a table, by row key.</summary>
    public async Task<SortedDictionary<string, TableEntity>> RowsAsync(string table)
    {
        var rows = new SortedDictionary<string, TableEntity>(StringComparer.Ordinal);
        await foreach (var row in Storage.Table(table).QueryAsync<TableEntity>(cancellationToken: CancellationToken.None))
            rows.Add(row.RowKey, row);
        return rows;
    }

    /// <summary>The text of every record that is not deleted, by id.</summary>
    public async Task<Dictionary<long, string>> RecordsAsync(string table = nameof(Trainings))
    {
        var records = new Dictionary<long, string>();
        foreach (var row in (await RowsAsync(table)).Values.Where(row => !row.ContainsKey("DeletedAt")))
            records.Add(long.Parse(row.RowKey, CultureInfo.InvariantCulture), await JsonAsync(row));
        return records;
    }

    public async Task<string> JsonAsync(TableEntity row)
    {
        if (row.GetString("JsonBlob") is { } blob)
            return (
                await Storage.Container(CatalogueStorage.RecordBlobs).GetBlobClient(blob).DownloadContentAsync()
            ).Value.Content.ToString();
        return row.GetString("Json") + string.Concat(Enumerable.Range(2, 20).Select(number => row.GetString($"Json{number}")));
    }

    /// <summary>The changes in the order of their keys, as <c>Created 12</c>.</summary>
    public async Task<List<string>> ChangesAsync()
        => [.. (await RowsAsync(CatalogueStorage.Changes)).Values.Select(row => $"{row.GetString("Change")} {row.GetInt64("Id")}")];

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>False if the holder, which may be alive, has written meanwhile.</summary>
    private async Task<bool> TryExpireLeaseAsync()
    {
        var table = Storage.Table(CatalogueStorage.MirrorState);
        try
        {
            await foreach (var state in table.QueryAsync<SyncStateEntity>(cancellationToken: CancellationToken.None))
            {
                state.LeaseOwner = null;
                await table.UpdateEntityAsync(state, state.ETag, TableUpdateMode.Replace, CancellationToken.None);
            }

            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 412)
        {
            return false;
        }
    }

    private T Tapped<T>(T options, IServiceProvider services, MemoryStorage? memory)
        where T : ClientOptions
    {
        options.AddPolicy(Tap, HttpPipelinePosition.PerCall);
        options.AddPolicy(services.GetRequiredService<StorageClock>().Policy, HttpPipelinePosition.PerRetry);
        if (memory is not null)
            options.Transport = new HttpClientTransport(memory);
        return options;
    }
}
