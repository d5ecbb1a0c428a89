using Azure;
using Azure.Storage.Blobs.Models;

namespace Springest.Testing.Tests.Blobs;

/// <summary>Microsoft's own client works with what stands in for its dependency.</summary>
public class BlobTests(StorageFixture storage)
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
            await container
                .GetBlobClient(name)
                .UploadAsync(
                    new BinaryData(name),
                    new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["name"] = name[^1..] } },
                    Cancel);

        var listed = await container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, "nl/", Cancel).ToListAsync(Cancel);
        var deleted = await container.GetBlobClient("nl/a").DeleteIfExistsAsync(cancellationToken: Cancel);

        Assert.Equal([("nl/a", "a"), ("nl/b", "b")], listed.Select(blob => (blob.Name, blob.Metadata["name"])));
        Assert.True(deleted.Value);
        Assert.False((await container.GetBlobClient("nl/a").ExistsAsync(Cancel)).Value);
    }

    [Fact]
    public async Task A_folder_is_listed_without_what_is_in_its_folders()
    {
        var container = await storage.NewContainerAsync();
        foreach (var name in (string[])["nl/a", "nl/b/1", "nl/b/2", "nl/c", "uk/a"])
            await container.GetBlobClient(name).UploadAsync(new BinaryData(name), Cancel);

        var pages = await container
            .GetBlobsByHierarchyAsync(BlobTraits.Metadata, BlobStates.None, "/", "nl/", Cancel)
            .AsPages(pageSizeHint: 2)
            .ToListAsync(Cancel);

        var listed = pages.SelectMany(page => page.Values).Select(item => item.IsBlob ? item.Blob.Name : item.Prefix);
        Assert.Equal(["nl/a", "nl/b/", "nl/c"], listed.Order(StringComparer.Ordinal));
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

    [Fact]
    public async Task A_copy_is_complete_and_has_metadata_of_its_own()
    {
        var container = await storage.NewContainerAsync();
        var (source, target) = (container.GetBlobClient("drop/a b.pdf"), container.GetBlobClient("accepted/a b.pdf"));
        var version = (await source.UploadAsync(new BinaryData("content"), Cancel)).Value.ETag;
        var options = new BlobCopyFromUriOptions
        {
            Metadata = new Dictionary<string, string> { ["state"] = "accepted" },
            SourceConditions = new BlobRequestConditions { IfMatch = version },
            DestinationConditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };

        await (await target.StartCopyFromUriAsync(source.Uri, options, Cancel)).WaitForCompletionAsync(Cancel);
        var taken = await Assert.ThrowsAsync<RequestFailedException>(() => target.StartCopyFromUriAsync(source.Uri, options, Cancel));
        await source.UploadAsync(new BinaryData("other"), overwrite: true, Cancel);
        var stale = await Assert.ThrowsAsync<RequestFailedException>(() =>
            container.GetBlobClient("b").StartCopyFromUriAsync(source.Uri, options, Cancel));

        var copied = (await target.GetPropertiesAsync(cancellationToken: Cancel)).Value;
        Assert.Equal((CopyStatus.Success, 7, "accepted"), (copied.CopyStatus, copied.ContentLength, copied.Metadata["state"]));
        Assert.Equal("content", (await target.DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.Equal((409, 412), (taken.Status, stale.Status));
    }

    [Fact]
    public async Task A_written_stream_is_there_when_it_is_closed()
    {
        var container = await storage.NewContainerAsync();
        var blob = container.GetBlobClient("written");
        await using (var stream = await blob.OpenWriteAsync(overwrite: true, cancellationToken: Cancel))
            await stream.WriteAsync("line\n"u8.ToArray(), Cancel);

        Assert.Equal("line\n", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
    }

    [Fact]
    public async Task Blobs_come_in_pages_each_once()
    {
        var container = await storage.NewContainerAsync();
        foreach (var number in Enumerable.Range(0, 7))
            await container.GetBlobClient($"{number}").UploadAsync(new BinaryData(""), Cancel);

        var pages = await container.GetBlobsAsync(cancellationToken: Cancel).AsPages(pageSizeHint: 3).ToListAsync(Cancel);

        Assert.Equal([3, 3, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"{number}"), pages.SelectMany(page => page.Values).Select(blob => blob.Name));
    }

    [Fact]
    public async Task What_is_missing_says_so()
    {
        var container = await storage.NewContainerAsync();
        var blob = container.GetBlobClient("none");

        var read = await Assert.ThrowsAsync<RequestFailedException>(() => blob.DownloadContentAsync(Cancel));
        var deleted = await Assert.ThrowsAsync<RequestFailedException>(() => blob.DeleteAsync(cancellationToken: Cancel));
        var looked = await Assert.ThrowsAsync<RequestFailedException>(() => blob.GetPropertiesAsync(cancellationToken: Cancel));

        Assert.Equal((404, "BlobNotFound"), (read.Status, read.ErrorCode));
        Assert.Equal((404, "BlobNotFound"), (deleted.Status, deleted.ErrorCode));
        Assert.Equal(404, looked.Status);
    }
}
