using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost;

/// <summary>Opens the storage account that a trigger's <c>Connection</c> names, by the platform's rules for such settings.</summary>
internal static class BlobConnection
{
    public static BlobServiceClient Open(IConfiguration settings, string name, BlobClientOptions? options = null)
    {
        try
        {
            if (settings[name] is { Length: > 0 } connectionString)
                return new BlobServiceClient(connectionString, options);
        }
        catch (FormatException exception)
        {
            // Without the value: it holds a key.
            throw new FunctionsHostException($"The setting {name} is not a storage connection string.", exception);
        }

        var section = settings.GetSection(name);
        var address = section["blobServiceUri"] ?? section["serviceUri"]
            ?? (section["accountName"] is { Length: > 0 } account ? $"https://{account}.blob.core.windows.net" : null);
        if (address is null)
            throw new FunctionsHostException(
                $"Its connection is the setting {name}, which is missing. Give a connection string, {name}__accountName or {name}__blobServiceUri.");
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? new BlobServiceClient(uri, Credential(section["clientId"]), options)
            : throw new FunctionsHostException($"The setting {name}__blobServiceUri is '{address}', which is not an address.");
    }

    private static TokenCredential Credential(string? clientId)
        => clientId is { Length: > 0 }
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential();
}
