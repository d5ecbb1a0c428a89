using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Testing.Tests.Blobs;
using Springest.Testing.Tests.Tables;
using Springest.Testing.Memory;

[assembly: AssemblyFixture(typeof(Springest.Testing.Tests.MemoryFixture))]

namespace Springest.Testing.Tests;

// The account in memory, which simulations use, keeps the same contract.
public sealed class EntityTestsInMemory(MemoryFixture storage) : EntityTests(storage);

public sealed class LimitTestsInMemory(MemoryFixture storage) : LimitTests(storage);

public sealed class TransactionTestsInMemory(MemoryFixture storage) : TransactionTests(storage);

public sealed class QueryTestsInMemory(MemoryFixture storage) : QueryTests(storage);

public sealed class FilterTestsInMemory(MemoryFixture storage) : FilterTests(storage);

public sealed class KeyTestsInMemory(MemoryFixture storage) : KeyTests(storage);

public sealed class EdmTypeTestsInMemory(MemoryFixture storage) : EdmTypeTests(storage);

public sealed class ConcurrencyTestsInMemory(MemoryFixture storage) : ConcurrencyTests(storage);

public sealed class BlobTestsInMemory(MemoryFixture storage) : BlobTests(storage);

/// <summary>What the account in memory does not have, it says so.</summary>
public sealed class MissingInMemoryTests(MemoryFixture storage)
{
    [Fact]
    public async Task A_request_that_it_does_not_know_is_refused_and_changes_no_blob()
    {
        var blob = (await storage.NewContainerAsync()).GetBlobClient("a.txt");
        await blob.UploadAsync(new BinaryData("1"), TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => blob.SetAccessTierAsync(AccessTier.Archive, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(501, refusal.Status);
        Assert.Equal("1", (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString());
    }
}

/// <summary>An account in memory for all tests.</summary>
public sealed class MemoryFixture : StorageFixture
{
    private readonly HttpPipelineTransport _transport = new HttpClientTransport(new MemoryStorage());

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override TableServiceClient Tables() => new(MemoryStorage.ConnectionString, new TableClientOptions { Transport = _transport });

    public override BlobServiceClient Blobs() => new(MemoryStorage.ConnectionString, new BlobClientOptions { Transport = _transport });
}
