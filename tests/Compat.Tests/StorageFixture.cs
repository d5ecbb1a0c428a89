using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Springest.Testing;

[assembly: AssemblyFixture(typeof(Compat.Tests.StorageFixture))]

namespace Compat.Tests;

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

    public virtual TableServiceClient Tables(TableClientOptions? options = null) => new(Azurite.ConnectionString, options);

    public virtual BlobServiceClient Blobs() => new(Azurite.ConnectionString);

    public static string NewName() => $"t{Guid.NewGuid():n}";

    /// <summary>The value of a setting in the connection string.</summary>
    public string Setting(string name)
        => Azurite.ConnectionString.Split(';').Single(pair => pair.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    /// <summary>A table that is there and empty.</summary>
    public async Task<TableClient> NewTableAsync(TableClientOptions? options = null)
    {
        var table = Tables(options).GetTableClient(NewName());
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
