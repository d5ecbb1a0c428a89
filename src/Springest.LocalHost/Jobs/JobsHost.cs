#pragma warning disable CS0618 // IWebHookProvider: as in BlobEvents.
using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Indexers;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Azure.WebJobs.Host.Storage;

namespace Springest.LocalHost.Jobs;

/// <summary>Microsoft's own timers and blob trigger, with their leases, receipts and queues, in a host of their own.</summary>
internal sealed class JobsHost : ITypeLocator, IHostIdProvider, IDisposable
{
    private readonly IHost _host;
    private readonly HostSettings _settings;
    private IReadOnlyCollection<WorkerFunction> _functions = [];
    private Type? _class;

    /// <summary>Makes the host, which takes its time: before the functions are known.</summary>
    public JobsHost(HostSettings settings, PublishedApp app, BlobEvents events, ILoggerFactory logs)
    {
        _settings = settings;
        // To the packages, host.json is what lies under this name.
        var hostJson = app.HostJson.AsEnumerable().Select(entry => KeyValuePair.Create($"AzureWebJobs:{entry.Key}", entry.Value));
        _host = new HostBuilder()
            .ConfigureAppConfiguration(all => all.AddConfiguration(settings.All).AddInMemoryCollection(hostJson))
            .ConfigureWebJobs(jobs => jobs.AddAzureStorageCoreServices().AddExecutionContextBinding().AddTimers().AddAzureStorageBlobs())
            .ConfigureServices(services => services
                .AddSingleton<ITypeLocator>(this).AddSingleton<IHostIdProvider>(this).AddSingleton<IHostLifetime, NoLifetime>()
                .AddSingleton<IWebHookProvider>(events).AddSingleton(events).AddSingleton(logs)
                .AddSingleton<ScheduleMonitor>(_ => new ScheduleBlobs(Account().GetBlobContainerClient("azure-webjobs-hosts"), settings)))
            .Build();
    }

    /// <summary>
    /// Fails soon if storage is away; the packages would try for minutes. A refusal is an answer, too, and on a busy machine a late one.
    /// </summary>
    public async Task ReachStorageAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) });
            using var answer = await http.GetAsync(Account().Uri, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new HostException($"Storage cannot be reached. {exception.Message}", exception);
        }
    }

    /// <summary>Begins to listen for timers and blobs.</summary>
    public async Task StartAsync(IReadOnlyCollection<WorkerFunction> functions, WorkerPool workers, CancellationToken cancellationToken)
    {
        _functions = functions;
        _class = TriggerMethods.Make(functions, new JobInvoker(workers, functions));
        try
        {
            await _host.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is FunctionIndexingException or FunctionListenerException)
        {
            throw new HostException($"{exception.Message} {exception.InnerException?.Message}", exception);
        }
    }

    /// <summary>Runs a timer now. False if there is none of this name.</summary>
    public bool StartTimer(string name)
    {
        var timers = _functions.Where(function => function.Type is WorkerFunction.TimerTrigger).Select(function => function.Name);
        if (timers.FirstOrDefault(timer => timer.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } found)
            return false;
        // Nobody waits for it; how it ends is in the log.
        var input = new Dictionary<string, object> { [TriggerMethods.Parameter] = "" };
        _ = _host.Services.GetRequiredService<IJobHost>().CallAsync(found, input);
        return true;
    }

    /// <summary>Announces the blobs of the functions that hear of them by Event Grid.</summary>
    public async Task AnnounceBlobsAsync(CancellationToken cancellationToken)
    {
        var names = _host.Services.GetRequiredService<INameResolver>();
        foreach (var function in _functions.Where(TriggerMethods.HearsByEventGrid))
        {
            var path = names.ResolveWholeString(function.Text("path"));
            var container = Account(function.Text("connection")).GetBlobContainerClient(path.Split('/')[0]);
            await ActivatorUtilities.CreateInstance<BlobAnnouncer>(_host.Services, function.Name, container).StartAsync(cancellationToken);
        }
    }

    /// <summary>Cancels what runs, and waits for it.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _class is null ? Task.CompletedTask : _host.StopAsync(cancellationToken);

    public void Dispose() => _host.Dispose();

    IReadOnlyList<Type> ITypeLocator.GetTypes() => [_class!];

    Task<string> IHostIdProvider.GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(_settings.HostId);

    private BlobServiceClient Account(string? connection = null)
    {
        var name = string.IsNullOrEmpty(connection) ? "AzureWebJobsStorage" : connection;
        var accounts = _host.Services.GetRequiredService<IAzureBlobStorageProvider>();
        return accounts.TryCreateBlobServiceClientFromConnection(name, out var account) ? account : throw new HostException(
            $"The setting {name} is missing. Give a connection string, {name}__accountName or {name}__blobServiceUri.");
    }
}

/// <summary>Who runs the program decides what a signal means.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
