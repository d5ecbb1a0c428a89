using Microsoft.Extensions.Hosting;

namespace Springest.Functions.Storage;

/// <summary>Makes the tables and containers that are missing, all at once, when the app starts.</summary>
internal sealed class StorageSetup(AppStorage storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
        => Task.WhenAll(
        [
            .. Tables.All.Select(name => storage.Table(name).CreateIfNotExistsAsync(cancellationToken)),
            .. Containers.All.Select(name => storage.Container(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)),
        ]);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
