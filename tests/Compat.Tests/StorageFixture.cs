using Azure.Data.Tables;
using Springest.Testing;

[assembly: AssemblyFixture(typeof(Compat.Tests.StorageFixture))]

namespace Compat.Tests;

/// <summary>One Azurite for all tests; each takes a table of its own.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    public Azurite Azurite { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Azurite = await Azurite.StartAsync();

    public async ValueTask DisposeAsync() => await Azurite.DisposeAsync();

    /// <summary>An empty table with a name that no other test has.</summary>
    public async Task<TableClient> NewTableAsync(TableClientOptions? options = null)
    {
        var table = new TableServiceClient(Azurite.ConnectionString, options).GetTableClient(NewTableName());
        await table.CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        return table;
    }

    public static string NewTableName() => $"t{Guid.NewGuid():n}";
}
