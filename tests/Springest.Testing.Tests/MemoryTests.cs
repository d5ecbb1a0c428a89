using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
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

/// <summary>An account in memory for all tests.</summary>
public sealed class MemoryFixture : StorageFixture
{
    private readonly HttpPipelineTransport _transport = new HttpClientTransport(new MemoryStorage());

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override TableServiceClient Tables() => new(MemoryStorage.ConnectionString, new TableClientOptions { Transport = _transport });

    public override BlobServiceClient Blobs() => new(MemoryStorage.ConnectionString, new BlobClientOptions { Transport = _transport });
}
