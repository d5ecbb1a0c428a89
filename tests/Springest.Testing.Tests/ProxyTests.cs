using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Springest.Testing.Tests;

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

        await table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("O'Reilly ☃", "r") { ["V"] = "ü" })],
            Cancel);
        await source.UploadAsync(
            new BinaryData(new byte[100_000]),
            new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["a"] = "b" } },
            Cancel);
        await (await target.StartCopyFromUriAsync(source.Uri, cancellationToken: Cancel)).WaitForCompletionAsync(Cancel);

        Assert.Equal("ü", (await table.GetEntityAsync<TableEntity>("O'Reilly ☃", "r", cancellationToken: Cancel)).Value.GetString("V"));
        Assert.Equal(100_000, (await target.DownloadContentAsync(Cancel)).Value.Content.ToMemory().Length);
        Assert.Equal("b", (await target.GetPropertiesAsync(cancellationToken: Cancel)).Value.Metadata["a"]);
        Assert.Equal(
            ["copy", "nl/naïve ☃ 100%.pdf"],
            await container.GetBlobsAsync(cancellationToken: Cancel).Select(blob => blob.Name).ToListAsync(Cancel));
    }

    [Fact]
    public async Task It_can_carry_out_a_request_and_cut_the_connection()
    {
        await using var proxy = await StorageProxy.StartAsync(storage.Azurite, Cancel);
        var table = await NewTableAsync(proxy, tries: 0);
        proxy.LoseAnswer(_ => true);

        var lost = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal(0, lost.Status);
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
    }

    // The write is done, the answer is lost, and the retry of Microsoft's client meets its own work. The app's writes rely on knowing that.
    [Fact]
    public async Task A_lost_answer_to_a_conditional_write_looks_like_a_conflict()
    {
        await using var proxy = await StorageProxy.StartAsync(storage.Azurite, Cancel);
        var table = await NewTableAsync(proxy, tries: 3);
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = 1 }, Cancel)).Headers.ETag!.Value;

        proxy.LoseAnswer(_ => true);
        var add = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "s"), Cancel));
        proxy.LoseAnswer(_ => true);
        var update = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["V"] = 2 }, first, TableUpdateMode.Replace, Cancel));
        proxy.LoseAnswer(_ => true);
        var delete = await table.DeleteEntityAsync("p", "s", cancellationToken: Cancel);

        Assert.Equal((409, 412, 404), (add.Status, update.Status, delete.Status));
        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value.GetInt32("V"));
    }

    private static async Task<TableClient> NewTableAsync(StorageProxy proxy, int tries)
    {
        var options = new TableClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Fixed,
                Delay = TimeSpan.FromMilliseconds(5),
                MaxRetries = tries,
            },
        };
        var table = new TableServiceClient(proxy.ConnectionString, options).GetTableClient(StorageFixture.NewName());
        await table.CreateIfNotExistsAsync(Cancel);
        return table;
    }
}
