using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Springest.Functions.Tests.Infrastructure;

/// <summary>One Azurite for all tests; each app in it has a storage prefix of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public Azurite Azurite { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Azurite = await Azurite.StartAsync();

    public ValueTask DisposeAsync() => Azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
