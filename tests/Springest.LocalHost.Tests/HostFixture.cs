using Azure.Storage.Blobs;
using Springest.Testing;

namespace Springest.LocalHost.Tests;

/// <summary>One Azurite for the whole assembly, and one host for all tests that only ask it something.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    private Azurite? _azurite;
    private SampleHost? _host;

    public Azurite Azurite => _azurite!;

    public string ConnectionString => Azurite.ConnectionString;

    public BlobServiceClient Blobs => new(ConnectionString);

    internal SampleHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Springest.Testing.Azurite.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        _host = await SampleHost.StartAsync(SampleHost.Settings(ConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }
}
