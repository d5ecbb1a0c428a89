using Azure;
using Azure.Storage.Queues;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates;

/// <summary>What does not get on: files that stay in the drop, and events that the host has given up.</summary>
public sealed class CertificateBacklog(DropContainer drop, CertificateLedger ledger, QueueServiceClient queues)
{
    /// <summary>The host's own name for the queue of what it has given up.</summary>
    internal const string PoisonQueue = "webjobs-blobtrigger-poison";

    private readonly QueueClient _poison = queues.GetQueueClient(PoisonQueue);

    /// <summary>When the oldest file of each site in the drop was put there; null for a site that has none.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset?>> ReadOldestAsync(CancellationToken cancellationToken)
    {
        var oldest = ledger.Sites.ToDictionary(site => site, _ => (DateTimeOffset?)null);
        await foreach (var file in drop.ListAsync(cancellationToken).Select(DroppedFile.From).Where(file => !file.IsFolder))
        {
            var site = oldest.ContainsKey(file.Folder) ? file.Folder : CertificateLedger.NoSite;
            if (!(oldest[site] <= file.Modified))
                oldest[site] = file.Modified;
        }

        return oldest;
    }

    /// <summary>How many events of files the host has given up; each stays there for a week.</summary>
    public async Task<int> CountPoisonedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _poison.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // The host makes the queue when it first needs it.
            return 0;
        }
    }
}
