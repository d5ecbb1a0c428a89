using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Springest.Functions.Settings;

namespace Springest.Functions.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>Storage where the Functions host has its own: a connection string, or an account and an identity.</summary>
    public static IServiceCollection AddAppStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<StorageOptions>(configuration, "Storage");
        services.AddStorageClock();
        services.AddSingleton(provider => CreateTables(configuration, provider.GetRequiredService<StorageClock>()));
        services.AddSingleton(provider => CreateBlobs(configuration, provider.GetRequiredService<StorageClock>()));
        services.AddSingleton(_ => CreateQueues(configuration));
        services.AddSingleton<AppStorage>();
        services.AddSingleton<StorageSetup>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageSetup>());
        return services;
    }

    /// <summary>Registers tables that a feature needs.</summary>
    public static IServiceCollection AddTables(this IServiceCollection services, params IEnumerable<string> names)
    {
        foreach (var name in names)
            services.AddSingleton(new RequiredTable(name));
        return services;
    }

    /// <summary>Registers containers that a feature needs.</summary>
    public static IServiceCollection AddContainers(this IServiceCollection services, params IEnumerable<string> names)
    {
        foreach (var name in names)
            services.AddSingleton(new RequiredContainer(name));
        return services;
    }

    /// <summary>
    /// Has all go by the storage service's clock, as far as this instance's own disagrees. A clock that the program brings is left alone.
    /// </summary>
    private static void AddStorageClock(this IServiceCollection services)
    {
        var clock = new StorageClock(TimeProvider.System);
        services.TryAddSingleton(clock);
        if (services.LastOrDefault(service => service.ServiceType == typeof(TimeProvider)) is not { } local)
            services.AddSingleton<TimeProvider>(clock);
        else if (local.ImplementationInstance == TimeProvider.System)
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
    }

    private static TableServiceClient CreateTables(IConfiguration configuration, StorageClock clock)
    {
        var options = new TableClientOptions { RetryPolicy = new StorageRetryPolicy() };
        options.AddPolicy(clock.Policy, HttpPipelinePosition.PerRetry);
        return configuration["AzureWebJobsStorage"] is { Length: > 0 } connection
            ? Connect(() => new TableServiceClient(connection, options))
            : new TableServiceClient(Endpoint(configuration, "table"), Credential(configuration), options);
    }

    private static BlobServiceClient CreateBlobs(IConfiguration configuration, StorageClock clock)
    {
        // A blob may be called /x or x/, and is another than x.
        var options = new BlobClientOptions { TrimBlobNameSlashes = false };
        options.AddPolicy(clock.Policy, HttpPipelinePosition.PerRetry);
        return configuration["AzureWebJobsStorage"] is { Length: > 0 } connection
            ? Connect(() => new BlobServiceClient(connection, options))
            : new BlobServiceClient(Endpoint(configuration, "blob"), Credential(configuration), options);
    }

    private static QueueServiceClient CreateQueues(IConfiguration configuration)
        => configuration["AzureWebJobsStorage"] is { Length: > 0 } connection
            ? Connect(() => new QueueServiceClient(connection))
            : new QueueServiceClient(Endpoint(configuration, "queue"), Credential(configuration));

    // The clients repeat a connection string that they cannot read, and with it its key.
    private static T Connect<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new SettingsException("The setting AzureWebJobsStorage is no connection string of a storage account.");
        }
    }

    // The same setting names as the Functions host's identity-based connections.
    private static Uri Endpoint(IConfiguration configuration, string service)
        => configuration[$"AzureWebJobsStorage:{service}ServiceUri"] is { Length: > 0 } given
            ? Uri.TryCreate(given, UriKind.Absolute, out var uri)
                ? uri
                : throw new SettingsException(
                    $"The setting AzureWebJobsStorage__{service}ServiceUri is no address, such as "
                        + $"https://ACCOUNT.{service}.core.windows.net.")
            : configuration["AzureWebJobsStorage:accountName"] is { Length: > 0 } account
                ? new Uri($"https://{account}.{service}.core.windows.net")
                : throw new SettingsException(
                    $"The setting AzureWebJobsStorage is missing. Give a connection string, AzureWebJobsStorage__accountName, or "
                        + $"AzureWebJobsStorage__{service}ServiceUri.");

    private static TokenCredential Credential(IConfiguration configuration)
        => configuration["AzureWebJobsStorage:clientId"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential();
}
