using System.Text;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Parsing;
using Springest.Functions.Webhooks.Processing;
using Springest.Functions.Webhooks.Receiving;

namespace Springest.Testing.Webhooks;

/// <summary>One more instance of an app, without a host, whose requests to storage can be cut off.</summary>
internal sealed class WebhookInstance : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ServiceProvider _services;

    /// <param name="configuration">The app's settings.</param>
    /// <param name="connection">Where storage is.</param>
    /// <param name="storage">What answers there; null for the network.</param>
    public WebhookInstance(IConfiguration configuration, string connection, HttpMessageHandler? storage = null)
    {
        Storage = new DyingStorage(storage ?? Network.Handler);
        // Tried again at once, as the clients do after a pause.
        var (tables, blobs) = (
            new TableClientOptions { Transport = new HttpClientTransport(Storage) },
            new BlobClientOptions { Transport = new HttpClientTransport(Storage) });
        (tables.Retry.MaxRetries, blobs.Retry.MaxRetries) = (1, 1);
        (tables.Retry.Delay, blobs.Retry.Delay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        _services = new ServiceCollection().AddSingleton(configuration).AddLogging().AddSpringestFunctions(configuration)
            .AddSingleton(new TableServiceClient(connection, tables)).AddSingleton(new BlobServiceClient(connection, blobs))
            .BuildServiceProvider();
    }

    public DyingStorage Storage { get; }

    public AppStorage Tables => _services.GetRequiredService<AppStorage>();

    /// <summary>Makes the tables and containers.</summary>
    public Task SetUpAsync()
        => Task.WhenAll(
        [
            .. Registrations.Tables.Select(name => Tables.Table(name).CreateIfNotExistsAsync()),
            .. Registrations.Containers.Select(name => Tables.Container(name).CreateIfNotExistsAsync()),
        ]);

    /// <summary>Makes a full pass over a resource of the site <c>nl</c>.</summary>
    public async Task CrawlAsync(ResourceDescription resource)
    {
        var outcome = await _services.GetRequiredService<CatalogueSync>().TickAsync(new("nl", resource), CancellationToken.None);
        if (outcome is not SyncOutcome.Completed)
            throw new InvalidOperationException($"The pass over {resource.Name} ended as {outcome}.");
    }

    /// <summary>Delivers a webhook to the site <c>nl</c>. False if it was not acknowledged.</summary>
    public async Task<bool> DeliverAsync(string json)
    {
        try
        {
            await _services
                .GetRequiredService<WebhookReceiver>()
                .ReceiveAsync(
                    WebhookFeed.Trainings,
                    "nl",
                    new MemoryStream(Encoding.UTF8.GetBytes(json)),
                    new HeaderDictionary(),
                    CancellationToken.None);
            return true;
        }
        catch (WebhookProblemException)
        {
            return false;
        }
    }

    /// <summary>Runs the timer's work. False if it died on the way.</summary>
    public async Task<bool> ApplyAsync()
    {
        try
        {
            await _services.GetRequiredService<InboxWorker>().ApplyDueAsync(CancellationToken.None, CancellationToken.None);
            return true;
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            return false;
        }
    }

    /// <summary>Lets every claim and pause run out, and applies until nothing is left.</summary>
    public async Task FinishAsync()
    {
        var (inbox, began) = (Tables.Table(WebhookStorage.Inbox), TimeProvider.System.GetTimestamp());
        while (await inbox.QueryAsync<TableEntity>().ToListAsync() is { Count: > 0 } rows)
        {
            // Each second, other records are looked up before a 404 is believed.
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException(
                    $"The inbox does not become empty: {string.Join("; ", rows.Select(row => string.Join(", ", row)))}");
            foreach (var row in rows.Where(row => !IsDue(row)))
                await LetRunOutAsync(inbox, row);
            await ApplyAsync();
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static bool IsDue(TableEntity row)
        => row.GetDateTimeOffset("NextAttempt") <= TimeProvider.System.GetUtcNow()
            && row.GetBoolean("DeadLettered") is not true
            && !row.ContainsKey("MissingSince");

    private static async Task LetRunOutAsync(TableClient inbox, TableEntity row)
    {
        (row["NextAttempt"], row["DeadLettered"]) = (DateTimeOffset.UnixEpoch, false);
        if (row.ContainsKey("MissingSince"))
            row["MissingSince"] = TimeProvider.System.GetUtcNow() - DeleteGuard.Confirmation;
        try
        {
            await inbox.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            // Somebody is still at work on it.
        }
    }

    private static class Network
    {
        public static SocketsHttpHandler Handler { get; } = new();
    }
}
