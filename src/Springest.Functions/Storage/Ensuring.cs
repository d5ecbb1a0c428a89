using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Springest.Functions.Storage;

/// <summary>
/// Makes tables and containers that are missing. In Azure the app may use those that the deployment has made, and make none: what it may
/// read is there.
/// </summary>
internal static class Ensuring
{
    public static async Task EnsureAsync(this TableClient table, CancellationToken cancellationToken)
    {
        try
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status == 403)
        {
            await table.QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: cancellationToken).AsPages()
                .FirstOrDefaultAsync(cancellationToken);
        }
    }

    public static async Task EnsureAsync(this BlobContainerClient container, CancellationToken cancellationToken)
    {
        try
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status == 403)
        {
            await container.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
    }
}
