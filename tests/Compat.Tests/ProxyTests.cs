using System.Net;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Testing;

namespace Compat.Tests;

/// <summary>Storage behind the proxy that other tests put before it.</summary>
public sealed class ProxyTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tables_and_blobs_work_through_it()
    {
        await using var proxy = await StorageProxy.StartAsync(storage.Azurite, Cancel);
        var table = new TableServiceClient(proxy.ConnectionString).GetTableClient(StorageFixture.NewName());
        var container = new BlobServiceClient(proxy.ConnectionString).GetBlobContainerClient(StorageFixture.NewName());
        await table.CreateIfNotExistsAsync(Cancel);
        await container.CreateIfNotExistsAsync(cancellationToken: Cancel);
        var (source, target) = (container.GetBlobClient("nl/naïve ☃ 100%.pdf"), container.GetBlobClient("copy"));

        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("O'Reilly ☃", "r") { ["V"] = "ü" })], Cancel);
        await source.UploadAsync(new BinaryData(new byte[100_000]), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["a"] = "b" } }, Cancel);
        await (await target.StartCopyFromUriAsync(source.Uri, cancellationToken: Cancel)).WaitForCompletionAsync(Cancel);

        Assert.Equal("ü", (await table.GetEntityAsync<TableEntity>("O'Reilly ☃", "r", cancellationToken: Cancel)).Value.GetString("V"));
        Assert.Equal(100_000, (await target.DownloadContentAsync(Cancel)).Value.Content.ToMemory().Length);
        Assert.Equal("b", (await target.GetPropertiesAsync(cancellationToken: Cancel)).Value.Metadata["a"]);
        Assert.Equal(["copy", "nl/naïve ☃ 100%.pdf"], await container.GetBlobsAsync(cancellationToken: Cancel).Select(blob => blob.Name).ToListAsync(Cancel));
    }

    [Fact]
    public async Task It_can_carry_out_a_request_and_cut_the_connection()
    {
        await using var proxy = await StorageProxy.StartAsync(storage.Azurite, Cancel);
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        var table = new TableServiceClient(proxy.ConnectionString, options).GetTableClient(StorageFixture.NewName());
        await table.CreateIfNotExistsAsync(Cancel);
        var carriedOut = default(HttpStatusCode);
        proxy.Exchange = async (_, send) =>
        {
            using var answer = await send();
            carriedOut = answer.StatusCode;
            return null;
        };

        var lost = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        proxy.Exchange = async (_, send) => await send();
        Assert.Equal(HttpStatusCode.NoContent, carriedOut);
        Assert.Equal(0, lost.Status);
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
    }
}
