using Azure.Data.Tables;
using Azure.Storage.Blobs;

[assembly: AssemblyFixture(typeof(Springest.Testing.Tests.StorageFixture))]

namespace Springest.Testing.Tests;

/// <summary>One Azurite for all tests; each takes a table or a container of its own.</summary>
public class StorageFixture : IAsyncLifetime
{
    private Azurite? _azurite;

    public Azurite Azurite => _azurite ?? throw new InvalidOperationException("Azurite has not been started.");

    public virtual async ValueTask InitializeAsync() => _azurite = await Azurite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public virtual TableServiceClient Tables() => new(Azurite.ConnectionString);

    public virtual BlobServiceClient Blobs() => new(Azurite.ConnectionString);

    public static string NewName() => $"t{Guid.NewGuid():n}";

    /// <summary>A table that is there and empty.</summary>
    public async Task<TableClient> NewTableAsync()
    {
        var table = Tables().GetTableClient(NewName());
        await table.CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        return table;
    }

    /// <summary>A container that is there and empty.</summary>
    public async Task<BlobContainerClient> NewContainerAsync()
    {
        var container = Blobs().GetBlobContainerClient(NewName());
        await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        return container;
    }
}
