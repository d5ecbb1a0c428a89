using Azure;
using Azure.Storage.Blobs.Models;

namespace Compat.Tests.Blobs;

/// <summary>Microsoft's own client works with what stands in for its dependency.</summary>
public sealed class BlobTests(StorageFixture storage)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_keeps_its_content_and_metadata()
    {
        var container = await storage.NewContainerAsync();
        var blob = container.GetBlobClient("nl/naïve ☃ 100% O'Reilly.pdf");
        var content = new byte[6 * 1024 * 1024];
        new Random(1).NextBytes(content);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/pdf" },
            Metadata = new Dictionary<string, string> { ["certification"] = "12" },
        };

        await blob.UploadAsync(new BinaryData(content), options, Cancel);
        var downloaded = (await blob.DownloadContentAsync(Cancel)).Value.Content.ToArray();
        var properties = (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value;

        Assert.Equal(content, downloaded);
        Assert.Equal(("application/pdf", "12"), (properties.ContentType, properties.Metadata["certification"]));
        Assert.Equal(content.Length, properties.ContentLength);
    }

    [Fact]
    public async Task A_condition_on_the_version_is_kept()
    {
        var container = await storage.NewContainerAsync();
        var blob = container.GetBlobClient("a.txt");
        var first = (await blob.UploadAsync(new BinaryData("1"), Cancel)).Value.ETag;
        await blob.UploadAsync(new BinaryData("2"), overwrite: true, Cancel);

        var onlyFirst = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfMatch = first } };
        var stale = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(new BinaryData("3"), onlyFirst, Cancel));
        var exists = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(new BinaryData("3"), Cancel));

        Assert.Equal((412, "ConditionNotMet"), (stale.Status, stale.ErrorCode));
        Assert.Equal((409, "BlobAlreadyExists"), (exists.Status, exists.ErrorCode));
        Assert.Equal("2", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
    }

    [Fact]
    public async Task Blobs_are_listed_by_prefix_and_deleted()
    {
        var container = await storage.NewContainerAsync();
        foreach (var name in (string[])["nl/a", "nl/b", "uk/a"])
            await container.GetBlobClient(name).UploadAsync(new BinaryData(name), Cancel);

        var listed = await container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, "nl/", Cancel).ToListAsync(Cancel);
        var deleted = await container.GetBlobClient("nl/a").DeleteIfExistsAsync(cancellationToken: Cancel);

        Assert.Equal(["nl/a", "nl/b"], listed.Select(blob => blob.Name));
        Assert.True(deleted.Value);
        Assert.False((await container.GetBlobClient("nl/a").ExistsAsync(Cancel)).Value);
    }

    [Fact]
    public async Task A_stream_is_uploaded_and_read_without_buffering_it_whole()
    {
        var container = await storage.NewContainerAsync();
        var blob = container.GetBlobClient("stream");
        var content = new byte[300_000];
        new Random(2).NextBytes(content);

        await blob.UploadAsync(new MemoryStream(content), overwrite: false, Cancel);
        await using var stream = await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), Cancel);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancel);

        Assert.Equal(content, copy.ToArray());
    }
}
