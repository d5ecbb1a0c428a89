using System.Text;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Catalogue;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>One more instance of an app, without a host, whose requests to storage can be cut off.</summary>
internal sealed class WebhookInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public WebhookInstance(TestApp app, string connection)
    {
        var configuration = app.Get<IConfiguration>();
        var (tables, blobs) = (new TableClientOptions(), new BlobClientOptions());
        tables.AddPolicy(Tap, HttpPipelinePosition.PerCall);
        blobs.AddPolicy(Tap, HttpPipelinePosition.PerCall);
        _services = new ServiceCollection().AddSingleton(configuration).AddLogging().AddSpringestFunctions(configuration)
            .AddSingleton(new TableServiceClient(connection, tables)).AddSingleton(new BlobServiceClient(connection, blobs))
            .BuildServiceProvider();
    }

    public StorageTap Tap { get; } = new();

    /// <summary>Delivers a webhook. False if it was not acknowledged.</summary>
    public async Task<bool> DeliverAsync(string json)
    {
        try
        {
            await _services.GetRequiredService<WebhookIntake>().ReceiveAsync(
                WebhookFeed.Trainings, TestApp.Site, new MemoryStream(Encoding.UTF8.GetBytes(json)), new HttpHeadersCollection(), TestContext.Current.CancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Runs the timer's work. False if it died on the way.</summary>
    public async Task<bool> ApplyAsync()
    {
        try
        {
            await _services.GetRequiredService<WebhookApplier>().ApplyDueAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Lets every claim and pause run out, and applies until nothing is left.</summary>
    public async Task FinishAsync()
    {
        var inbox = _services.GetRequiredService<AppStorage>().Table(Tables.WebhookInbox);
        for (var round = 0; round < 50; round++)
        {
            var rows = await inbox.QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            if (rows.Count == 0)
                return;
            foreach (var row in rows)
                await LetRunOutAsync(inbox, row);
            await ApplyAsync();
        }

        Assert.Fail("The inbox does not become empty.");
    }

    private static async Task LetRunOutAsync(TableClient inbox, TableEntity row)
    {
        row["NextAttempt"] = DateTimeOffset.UnixEpoch;
        try
        {
            await inbox.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            // Somebody is still at work on it.
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
