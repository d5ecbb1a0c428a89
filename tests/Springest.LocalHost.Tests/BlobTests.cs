using System.Net;
using System.Net.Http.Json;
using Azure.Storage.Blobs;

namespace Springest.LocalHost.Tests;

public sealed class BlobTests(HostFixture azurite)
{
    private const string Address = $"runtime/webhooks/blobs?functionName=Host.Functions.Take&code={SampleHost.SystemKey}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blob_is_announced_and_one_that_fails_is_poison_after_as_many_tries_as_host_json_says()
    {
        var settings = SampleHost.Settings(azurite.ConnectionString);
        var container = Container(settings);
        await container.CreateAsync(cancellationToken: Cancellation);
        await container.UploadBlobAsync("before", BinaryData.FromString("0"), Cancellation);
        await using var host = await SampleHost.StartAsync(settings);

        await container.UploadBlobAsync("folder/a é%+b.txt", BinaryData.FromString("one"), Cancellation);
        await host.WaitForAsync("took folder/a é%+b.txt: one");
        await container.GetBlobClient("folder/a é%+b.txt").UploadAsync(BinaryData.FromString("two"), overwrite: true, Cancellation);
        await host.WaitForAsync("took folder/a é%+b.txt: two");
        await container.UploadBlobAsync("bad", BinaryData.FromString("3"), Cancellation);

        await host.WaitForAsync("webjobs-blobtrigger-poison");
        Assert.Equal(3, (await host.WaitForAsync("took bad: 3", 3)).Count);
        Assert.DoesNotContain("took before", await HttpTests.ReadAsync(host.Process.LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_Grid_is_answered_and_only_its_events_fire_when_nothing_else_announces()
    {
        var settings = SampleHost.Settings(azurite.ConnectionString, ("LocalHost__AnnounceBlobs", "false"));
        var container = Container(settings);
        await container.CreateAsync(cancellationToken: Cancellation);
        await using var host = await SampleHost.StartAsync(settings);
        foreach (var name in (string[])["silent", "told", "last"])
            await container.UploadBlobAsync(name, BinaryData.FromString(name), Cancellation);

        using var handshake = await PostAsync(
            host,
            "SubscriptionValidation",
            new
            {
                id = "1",
                eventType = "Microsoft.EventGrid.SubscriptionValidationEvent",
                data = new { validationCode = "ABC" },
            });
        foreach (var name in (string[])["told", "missing"])
            (await PostAsync(host, "Notification", EventFor(container, name))).Dispose();
        await host.WaitForAsync("took told: told");
        (await PostAsync(host, "Notification", EventFor(container, "last"))).Dispose();
        await host.WaitForAsync("took last: last");

        Assert.Equal(HttpStatusCode.OK, handshake.StatusCode);
        Assert.Contains("ABC", await handshake.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("took silent", await HttpTests.ReadAsync(host.Process.LogFile), StringComparison.Ordinal);
    }

    private BlobContainerClient Container(Dictionary<string, string> settings)
        => azurite.Blobs.GetBlobContainerClient(settings["Sample__Container"]);

    private static object EventFor(BlobContainerClient container, string name) => new
    {
        id = Guid.NewGuid(),
        topic = "/subscriptions/x",
        subject = $"/blobServices/default/containers/{container.Name}/blobs/{name}",
        eventType = "Microsoft.Storage.BlobCreated",
        eventTime = TimeProvider.System.GetUtcNow(),
        data = new { api = "PutBlob", blobType = "BlockBlob", url = container.GetBlobClient(name).Uri },
    };

    private static async Task<HttpResponseMessage> PostAsync(SampleHost host, string type, object data)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = JsonContent.Create(new[] { data }) };
        request.Headers.Add("aeg-event-type", type);
        return await host.Http.SendAsync(request, Cancellation);
    }
}
