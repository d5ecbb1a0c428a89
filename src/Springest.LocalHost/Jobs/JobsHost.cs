#pragma warning disable CS0618 // IWebHookProvider: as in BlobEvents.
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Indexers;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Azure.WebJobs.Host.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Springest.LocalHost.Settings;
using Springest.LocalHost.Workers;

namespace Springest.LocalHost.Jobs;

/// <summary>Microsoft's own timers and blob trigger, with their leases, schedules, receipts, queue and poison queue, in a host of their own.</summary>
internal sealed class JobsHost : ITypeLocator, IHostIdProvider, IDisposable
{
    private const string Storage = "AzureWebJobsStorage";

    private readonly IHost _host;
    private readonly HostSettings _settings;
    private Type? _class;

    /// <summary>Makes the host, which takes its time: before the functions are known.</summary>
    public JobsHost(HostSettings settings, HostJson hostJson, IConfiguration configuration, BlobEvents events, ILoggerFactory logs)
    {
        _settings = settings;
        _host = new HostBuilder()
            // host.json is to the packages what lies under this name.
            .ConfigureAppConfiguration(all => all.AddConfiguration(configuration)
                .AddInMemoryCollection(hostJson.Json.AsEnumerable().Select(entry => KeyValuePair.Create($"AzureWebJobs:{entry.Key}", entry.Value))))
            .ConfigureWebJobs(jobs => jobs.AddAzureStorageCoreServices().AddExecutionContextBinding().AddTimers().AddAzureStorageBlobs())
            .ConfigureServices(services => services
                .AddSingleton<ITypeLocator>(this)
                .AddSingleton<IHostIdProvider>(this)
                .AddSingleton<IWebHookProvider>(events)
                .AddSingleton(settings)
                .AddSingleton<ScheduleMonitor, ScheduleBlobs>()
                .AddSingleton<IHostLifetime, NoLifetime>()
                .AddSingleton(logs))
            .Build();
    }

    /// <summary>Begins to listen for timers and blobs.</summary>
    /// <exception cref="HostException">A trigger is wrong, or storage does not answer.</exception>
    public async Task StartAsync(IReadOnlyCollection<WorkerFunction> functions, WorkerPool workers, CancellationToken cancellationToken)
    {
        var jobs = functions.Where(function => function.TriggerType is not WorkerFunction.HttpTrigger).ToList();
        if (jobs.Count == 0)
            return;
        _class = TriggerMethods.Make(jobs, new JobInvoker(workers, jobs));
        try
        {
            await CheckStorageAsync(cancellationToken);
            await _host.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is FunctionIndexingException or FunctionListenerException)
        {
            throw new HostException($"{exception.Message} {exception.InnerException?.Message}".Trim(), exception);
        }
    }

    /// <summary>Runs the function that an address names, now. The body may say what with: <c>{ "input": "container/blob" }</c>.</summary>
    public async Task StartByHandAsync(HttpContext http)
    {
        if (_class?.GetMethods().FirstOrDefault(method => method.Name.Equals((string)http.Request.RouteValues["name"]!, StringComparison.OrdinalIgnoreCase)) is not { } method)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var input = "";
        if (http.Request.HasJsonContentType())
            try
            {
                var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
                input = body.TryGetProperty("input", out var value) ? value.ToString() : "";
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
        // Nobody waits for it; how it ends is in the log.
        _ = _host.Services.GetRequiredService<IJobHost>().CallAsync(method.Name, new Dictionary<string, object> { [JobInvoker.TriggerParameter] = input });
    }

    /// <summary>Cancels what runs, and waits for it.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _class is null ? Task.CompletedTask : _host.StopAsync(cancellationToken);

    /// <summary>Makes the announcer of blobs, whose account is the one that the triggers name.</summary>
    public BlobAnnouncer Announcer(IEnumerable<WorkerFunction> functions, BlobEvents events)
        => ActivatorUtilities.CreateInstance<BlobAnnouncer>(_host.Services, functions, events);

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();

    IReadOnlyList<Type> ITypeLocator.GetTypes() => _class is null ? [] : [_class];

    Task<string> IHostIdProvider.GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(_settings.HostId);

    /// <summary>Soon, and in a sentence: the packages would try for minutes.</summary>
    private async Task CheckStorageAsync(CancellationToken cancellationToken)
    {
        if (!_host.Services.GetRequiredService<IAzureBlobStorageProvider>().TryCreateBlobServiceClientFromConnection(Storage, out var account))
            throw new HostException($"The setting {Storage} is missing. Give a connection string, {Storage}__accountName or {Storage}__blobServiceUri.");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            // Any answer will do, a refusal too.
            using var answer = await http.GetAsync(account.Uri, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new HostException($"Storage cannot be reached. {exception.Message}", exception);
        }
    }

    // The host that it belongs to starts and stops it.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
