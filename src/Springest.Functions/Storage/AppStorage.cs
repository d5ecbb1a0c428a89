using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Storage;

/// <summary>The app's tables and containers by name, with the configured prefix.</summary>
public sealed class AppStorage(TableServiceClient tables, BlobServiceClient blobs, IOptions<StorageOptions> options)
{
    private readonly string _prefix = options.Value.Prefix;

    public TableClient Table(string name) => tables.GetTableClient(_prefix + name);

    public BlobContainerClient Container(string name) => blobs.GetBlobContainerClient(_prefix + name);
}
