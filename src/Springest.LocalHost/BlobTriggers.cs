using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost;

/// <summary>
/// Runs the blob functions: lists their containers several times a second and runs what has an ETag that was not seen before.
/// What was seen is kept in memory only, and other instances of the app see for themselves.
/// </summary>
internal sealed partial class BlobTriggers(
    FunctionCatalog catalog, FunctionInvoker invoker, PoisonBlobs poison, HostJson hostJson,
    IHostApplicationLifetime lifetime, ILogger<BlobTriggers> logger) : IDisposable
{
    // By the system's clock whatever the app's is: blobs come from a world that has no other.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // A page is in memory as a whole, several times over while it is parsed.
    private const int PageSize = 250;

    private readonly SemaphoreSlim _slots = new(hostJson.MaxDegreeOfParallelism);
    private readonly RunningTasks _running = new();

    private CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Ends when nothing runs any more, some time after the host was told to stop.</summary>
    public Task Completion => _running.WhenAllEnded();

    /// <summary>Throws soon if an account cannot be reached; the app's own clients would try for half a minute.</summary>
    public Task CheckStorageAsync(CancellationToken cancellationToken)
        => Task.WhenAll(catalog.Blobs.Select(function => function.Listing.ExistsAsync(cancellationToken)));

    /// <summary>Begins to watch. An Event Grid trigger takes what is there already as seen, since no event will tell of it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var seen = await Task.WhenAll(catalog.Blobs.Select(async function => function.Source == BlobTriggerSource.EventGrid
            ? await ListAsync(function, cancellationToken)
            : []));
        foreach (var (function, blobs) in catalog.Blobs.Zip(seen))
            _running.Add(WatchAsync(function, blobs));
    }

    public void Dispose() => _slots.Dispose();

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps storage from answering, the next listing may succeed.")]
    private async Task WatchAsync(BlobFunction function, Dictionary<string, string> seen)
    {
        var failing = false;
        do
        {
            try
            {
                var listed = await ListAsync(function, Stopping);
                foreach (var (name, version) in listed)
                    if (!seen.TryGetValue(name, out var known) || known != version)
                    {
                        Log.Found(logger, function.Function.Name, $"{function.Path.Container}/{name}", version);
                        _running.Add(Task.Run(() => RunAsync(function, name, version), CancellationToken.None));
                    }

                (seen, failing) = (listed, false);
            }
            catch (Exception exception) when (!Stopping.IsCancellationRequested)
            {
                if (!failing)
                    Log.CannotList(logger, exception, function.Path.Container);
                failing = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await PauseAsync());
    }

    /// <summary>False if the host stops.</summary>
    private async Task<bool> PauseAsync()
    {
        await Task.Delay(Interval, TimeProvider.System, Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !Stopping.IsCancellationRequested;
    }

    private static async Task<Dictionary<string, string>> ListAsync(BlobFunction function, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>();
        try
        {
            var blobs = function.Listing.GetBlobsAsync(BlobTraits.None, BlobStates.None, function.Path.Prefix, cancellationToken);
            await foreach (var blob in blobs.AsPages(pageSizeHint: PageSize).SelectMany(page => page.Values))
                if (blob.Properties.ETag is { } version && function.Path.Match(blob.Name) is not null)
                    found.Add(blob.Name, Quoted(version));
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // It will be made when somebody needs it.
        }

        return found;
    }

    private async Task RunAsync(BlobFunction function, string name, string version)
    {
        try
        {
            await _slots.WaitAsync(Stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            var blob = function.Container.GetBlobClient(name);
            for (var attempt = 1; attempt <= hostJson.PoisonBlobThreshold; attempt++)
                if (await PropertiesAsync(blob, version) is not { } properties || await TryAsync(function, blob, properties))
                    return;
            await poison.AddAsync(function, name, version, hostJson.PoisonBlobThreshold);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Null if this version of the blob is no longer there to be worked on, or the host stops.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Storage that does not answer says nothing about the blob.")]
    private async Task<BlobProperties?> PropertiesAsync(BlobClient blob, string version)
    {
        while (!Stopping.IsCancellationRequested)
            try
            {
                BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: Stopping);
                // Overwritten: the new version has a run of its own.
                return Quoted(properties.ETag) == version ? properties : null;
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return null;
            }
            catch (Exception)
            {
                await PauseAsync();
            }

        return null;
    }

    /// <summary>False if the function failed by its own fault.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The invoker has logged it; the next attempt or the poison message follows.")]
    private async Task<bool> TryAsync(BlobFunction function, BlobClient blob, BlobProperties properties)
    {
        try
        {
            var invocation = new Invocation { Trigger = _ => blob, BindingData = DataOf(function, blob, properties) };
            await invoker.InvokeAsync(function.Function, invocation, CancellationToken.None);
            return true;
        }
        catch (Exception)
        {
            return Stopping.IsCancellationRequested;
        }
    }

    // A listing has ETags without quotes, everything else with them.
    private static string Quoted(ETag version) => version.ToString("H");

    private static Dictionary<string, object?> DataOf(BlobFunction function, BlobClient blob, BlobProperties properties)
    {
        var data = function.Path.Match(blob.Name)!;
        data["BlobTrigger"] = $"{blob.BlobContainerName}/{blob.Name}";
        data["Uri"] = blob.Uri.ToString();
        data["Metadata"] = JsonSerializer.Serialize(properties.Metadata);
        data["Properties"] = JsonSerializer.Serialize(new
        {
            properties.ContentLength,
            properties.ContentType,
            ETag = Quoted(properties.ETag),
            properties.CreatedOn,
            properties.LastModified,
        });
        return data;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Container {Container} cannot be listed; trying on.")]
        public static partial void CannotList(ILogger logger, Exception exception, string container);

        [LoggerMessage(2, LogLevel.Debug, "{Blob} of version {Version} is there for {Function}.")]
        public static partial void Found(ILogger logger, string function, string blob, string version);
    }
}
