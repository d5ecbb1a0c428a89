using System.Collections.Concurrent;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What a webhook costs in storage.</summary>
public sealed class WebhookStorageTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_way_into_the_mirror_asks_for_single_rows_only()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        await using var app = await TestApp.StartAsync(
            azurite.Azurite,
            settings: new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        var webhooks = new WebhookDriver(app);
        var ids = app.Simulator.Catalogue.Trainings.Ids;
        await webhooks.PostAsync(
            WebhookBodies.Changes(WebhookBodies.Update(ids[0]), WebhookBodies.Update(ids[1]), WebhookBodies.Update(ids[2])));
        app.Simulator.Catalogue.Trainings.Update(ids[0], training => training["name"] = "Anders");
        app.Simulator.Catalogue.Trainings.Remove(ids[1]);
        var requests = new ConcurrentQueue<string>();
        storage.Exchange = async (request, send) =>
        {
            requests.Enqueue($"{request.Method} {request.Path}");
            return await send();
        };

        var answer = await webhooks.PostAsync(
            WebhookBodies.Changes(
                WebhookBodies.Update(ids[0]),
                WebhookBodies.Destroy(ids[1]),
                WebhookBodies.Update(ids[2]),
                WebhookBodies.Update(ids[3]),
                WebhookBodies.Update(999_999_999)));

        Assert.Equal((5, 0, 5), answer.Counts);
        Assert.Contains(requests, request => request.StartsWith("GET", StringComparison.Ordinal));
        // A question without keys has storage go through a partition, however large. Only a 404 asks one, for a page of what is listed, so
        // that it counts.
        Assert.InRange(
            requests.Count(request => request.StartsWith("GET", StringComparison.Ordinal)
                && !request.Contains("RowKey=", StringComparison.Ordinal)), 1, 2);
    }
}
