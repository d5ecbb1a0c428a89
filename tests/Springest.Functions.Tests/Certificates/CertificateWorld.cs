using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Quota;
using Springest.Simulator;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Several instances of the app without a host, on one storage, one simulator and one clock; each can be killed at any request.</summary>
internal sealed class CertificateWorld : IAsyncDisposable
{
    private readonly List<Instance> _instances = [];

    private CertificateWorld(SimulatorServer simulator, ManualTimeProvider clock) => (Simulator, Clock) = (simulator, clock);

    public SimulatorServer Simulator { get; }

    public ManualTimeProvider Clock { get; }

    public IReadOnlyList<Instance> Instances => _instances;

    public CertificateLedger Ledger => _instances[0].Get<CertificateLedger>();

    public CertificateContainers Containers => _instances[0].Get<CertificateContainers>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CertificateWorld> CreateAsync(Azurite azurite, int instances)
    {
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = 0, Subjects = 0, Certifications = 0, TimeProvider = clock }, Cancellation);
        simulator.Catalogue.Certifications.Put(new JsonObject { ["id"] = 3101, ["name"] = "Projectleider", ["requires_valid_until"] = false });
        var world = new CertificateWorld(simulator, clock);
        var prefix = $"t{Guid.NewGuid():N}"[..12];
        for (var i = 0; i < instances; i++)
            world._instances.Add(new Instance(azurite.ConnectionString, prefix, simulator, world.Clock));
        await world._instances[0].StartAsync();
        return world;
    }

    public async Task DropAsync(string name, byte[] content, Dictionary<string, string> metadata)
        => await Containers.Drop.GetBlobClient(name).UploadAsync(new BinaryData(content), new BlobUploadOptions { Metadata = metadata }, Cancellation);

    /// <summary>The files below a folder, reports left out, by name.</summary>
    public static async Task<Dictionary<string, byte[]>> FilesAsync(BlobContainerClient container, string folder)
    {
        var files = new Dictionary<string, byte[]>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder, Cancellation))
        {
            if (!blob.Name.EndsWith(".json", StringComparison.Ordinal))
                files.Add(blob.Name, (await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value.Content.ToArray());
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    /// <summary>One instance of the app.</summary>
    internal sealed class Instance : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        public Instance(string storage, string prefix, SimulatorServer simulator, TimeProvider clock)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = storage,
                ["Springest:Storage:Prefix"] = prefix,
                ["Springest:Quota:Limit"] = "60000",
                ["Springest:Certificates:Container"] = $"{prefix}certificates",
                ["Springest:Sites:nl:Host"] = simulator.Address.ToString(),
                ["Springest:Sites:nl:ApiKey"] = "simulator-key",
                // The clock stands still, so that nothing in a request may wait for it.
                ["Springest:Sites:nl:Retries"] = "0",
                ["Springest:Sites:nl:BreakDuration"] = "00:00:00",
            }).Build();
            var (tables, blobs) = (new TableClientOptions(), new BlobClientOptions());
            tables.AddPolicy(Life, HttpPipelinePosition.PerCall);
            blobs.AddPolicy(Life, HttpPipelinePosition.PerCall);
            var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(clock).AddLogging();
            services.AddSpringestFunctions(configuration);
            services.AddSingleton(new TableServiceClient(storage, tables)).AddSingleton(new BlobServiceClient(storage, blobs));
            // The quota goes by the storage's clock, which is a real one.
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<QuotaLimiters>(provider, TimeProvider.System));
            services.AddHttpClient("Springest.nl").AddHttpMessageHandler(Life.ToSpringest);
            _services = services.BuildServiceProvider();
        }

        public Lifeline Life { get; } = new();

        public T Get<T>()
            where T : notnull
            => _services.GetRequiredService<T>();

        /// <summary>Makes tables and containers, and mirrors the certifications.</summary>
        public async Task StartAsync()
        {
            foreach (var service in _services.GetServices<IHostedService>())
                await service.StartAsync(Cancellation);
            while (await Get<CatalogueCrawler>().TickAsync("nl", CatalogueResource.Certifications, Cancellation) != TickOutcome.Completed)
            {
            }
        }

        public Task SweepAsync() => Get<CertificateSweep>().RunAsync(Cancellation);

        public Task TakeInAsync(string name) => Get<CertificateIntake>().TakeInAsync(name, Cancellation);

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }
}
