using Azure.Storage.Blobs;
using Springest.Testing;

namespace Springest.LocalHost.Tests;

/// <summary>One Azurite for the whole assembly.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private Azurite? _azurite;

    public string ConnectionString => _azurite!.ConnectionString;

    public BlobServiceClient Blobs => new(ConnectionString);

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }
}
