using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Springest.Functions;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Copies;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Rejections;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Sites;
using Springest.Functions.Storage;
using Springest.Testing.Memory;

namespace Springest.Testing.Certificates;

/// <summary>
/// Several instances of the app without a host, on one storage, one Springest and one clock, all in memory; each can be killed at any
/// request. Whatever is left to chance is drawn from one seed.
/// </summary>
internal sealed class CertificateWorld : IAsyncDisposable
{
    private static readonly TimeSpan[] _meanwhile = [TimeSpan.FromSeconds(31), TimeSpan.FromMinutes(2.5), TimeSpan.FromMinutes(6)];

    private readonly List<Instance> _instances = [];

    private readonly Instance _office;

    private readonly Dictionary<string, string?> _settings;

    private readonly RemovedGuard _removed;

    private CertificateWorld(int seed, Dictionary<string, string?> settings, RemovedGuard removed)
    {
        (_settings, _removed) = (settings, removed);
        Random = new Random(seed);
        Storage = new MemoryStorage(Clock);
        Springest = new MemorySpringest(Clock, Random);
        Turns = new Turns(Random, PassTime);
        _office = new Instance(this);
    }

    public Random Random { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    public MemoryStorage Storage { get; }

    public MemorySpringest Springest { get; }

    public Turns Turns { get; }

    /// <summary>Whether time passes while work is going on: leases run out, requests are given up.</summary>
    public bool IsSlow { get; set; }

    public IReadOnlyList<Instance> Instances => _instances;

    /// <summary>Storage as people see it, who cannot be killed.</summary>
    public CertificateLedger Ledger => _office.Get<CertificateLedger>();

    public CertificateContainers Containers => _office.Get<CertificateContainers>();

    /// <summary>The instance that people work with.</summary>
    public Instance Office => _office;

    public static async Task<CertificateWorld> CreateAsync(
        int seed, int instances, Dictionary<string, string?>? settings = null, RemovedGuard removed = RemovedGuard.None,
        IReadOnlyList<long>? certifications = null)
    {
        var world = new CertificateWorld(seed, settings ?? [], removed);
        world.Springest.Certifications = certifications ?? world.Springest.Certifications;
        for (var i = 0; i < instances; i++)
            world._instances.Add(new Instance(world));
        await world._office.StartAsync();
        return world;
    }

    public async Task DropAsync(string name, byte[] content, Dictionary<string, string> metadata)
        => await Containers.Drop.GetBlobClient(name).UploadAsync(new BinaryData(content), new BlobUploadOptions { Metadata = metadata });

    /// <summary>All blobs of a container by name, but for the lists of rejected files.</summary>
    public static async Task<SortedDictionary<string, byte[]>> BlobsAsync(BlobContainerClient container)
    {
        var blobs = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync().Where(blob => !RejectionSheets.IsReserved(blob.Name)))
            blobs.Add(blob.Name, (await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray());
        return blobs;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        await _office.DisposeAsync();
        Storage.Dispose();
    }

    private void PassTime()
    {
        if (!IsSlow || Random.Next(25) > 0)
            return;
        Clock.Advance(_meanwhile[Random.Next(_meanwhile.Length)]);
        Springest.Deliver();
    }

    /// <summary>One instance of the app.</summary>
    internal sealed class Instance : IAsyncDisposable
    {
        private static readonly DelayStrategy _noDelay = DelayStrategy.CreateFixedDelayStrategy(TimeSpan.Zero);

        private readonly ServiceProvider _services;

        public Instance(CertificateWorld world)
        {
            var settings = new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = MemoryStorage.ConnectionString,
                ["Springest:Quota:Limit"] = "60000",
                ["Springest:Certificates:MetadataWait"] = "12:00:00",
                ["Springest:Certificates:SweepParallelism"] = "1",
                ["Springest:Sites:nl:Host"] = "https://springest.test",
                ["Springest:Sites:nl:ApiKey"] = "simulator-key",
                // The clock stands still, so that nothing in a request may wait for it.
                ["Springest:Sites:nl:Retries"] = "0",
                ["Springest:Sites:nl:BreakDuration"] = "00:00:00",
            };
            foreach (var (name, value) in world._settings)
                settings[name] = value;
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            Wire = new StorageWire(world.Storage, Life, world.Turns, world.Random) { Removed = world._removed };
            var (tables, blobs) = (
                Prepare(new TableClientOptions { RetryPolicy = new StorageRetryPolicy(_noDelay) }), 
                Prepare(new BlobClientOptions { TrimBlobNameSlashes = false }));
            var services = new ServiceCollection()
                .AddSingleton<IConfiguration>(configuration)
                .AddSingleton<TimeProvider>(world.Clock)
                .AddLogging()
                .AddMetrics();
            services.AddSpringestFunctions(configuration);
            // Each piece of work has its own, so that none waits for another without a request: as if each were in an instance of its own.
            services.AddTransient<CertificateImport>().AddTransient<DropSweeper>();
            services
                .AddSingleton(new TableServiceClient(MemoryStorage.ConnectionString, tables))
                .AddSingleton(new BlobServiceClient(MemoryStorage.ConnectionString, blobs));
            // The quota has tests of its own; here it only must not wait for a clock that stands still.
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<QuotaLimiterRegistry>(provider, TimeProvider.System));
            foreach (var site in (string[])["nl", "de"])
                services
                    .AddHttpClient($"Springest.{site}")
                    .AddHttpMessageHandler(() => new SpringestWire(world.Springest, Life, world.Turns));
            _services = services.BuildServiceProvider();
        }

        public Lifeline Life { get; } = new();

        public StorageWire Wire { get; }

        public T Get<T>()
            where T : notnull
            => _services.GetRequiredService<T>();

        /// <summary>Makes tables and containers, and mirrors the certifications.</summary>
        public async Task StartAsync()
        {
            foreach (var service in _services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            foreach (var site in Get<SpringestClients>().Sites)
            {
                var certifications = new MirrorScope(site, Certifications.Description);
                while (await Get<CatalogueSync>().TickAsync(certifications, CancellationToken.None) != SyncOutcome.Completed)
                {
                }
            }
        }

        public Task SweepAsync() => Get<DropSweeper>().RunAsync(CancellationToken.None);

        public Task ExportAsync() => Get<LedgerExport>().RunAsync(CancellationToken.None);

        public Task VerifyAsync() => Get<CertificateVerification>().RunAsync(CancellationToken.None);

        public Task TakeInAsync(string name) => Get<CertificateImport>().TakeInAsync(name, CancellationToken.None);

        /// <summary>
        /// Somebody decides about all that is in doubt, by what Springest has at this moment, and does not wait for what may be on its way.
        /// </summary>
        public async Task DecideAsync(MemorySpringest springest)
        {
            var (ledger, decisions) = (Get<CertificateLedger>(), Get<CertificateDecisions>());
            var doubts = await ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl").OfType<SubmissionEntity>().ToListAsync();
            foreach (var row in doubts)
            {
                var there = springest.Certificates.FirstOrDefault(each =>
                    each.Sha256 == row.ContentHash && each.Fields["email"] == row.Email
                    && each.Fields.GetValueOrDefault("booking_id") == row.BookingId?.ToString(CultureInfo.InvariantCulture));
                if (there is null)
                    await decisions.RetryAsync("nl", row.RowKey, null, CancellationToken.None);
                else
                    await decisions.AcceptAsync("nl", row.RowKey, there.Id, null, CancellationToken.None);
            }
        }

        public ValueTask DisposeAsync() => _services.DisposeAsync();

        private T Prepare<T>(T options)
            where T : ClientOptions
        {
            options.Transport = new HttpClientTransport(Wire);
            (options.Retry.Delay, options.Retry.MaxDelay) = (TimeSpan.Zero, TimeSpan.Zero);
            return options;
        }
    }
}
