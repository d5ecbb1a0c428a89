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

    /// <summary>When the oldest file of each site in the drop was put there.</summary>
    /// <param name="told">Names of files of which a person is told already.</param>
    public async Task<IReadOnlyDictionary<string, OldestFile>> ReadOldestAsync(
        IReadOnlySet<string> told, CancellationToken cancellationToken)
    {
        var oldest = ledger.Sites.ToDictionary(site => site, _ => new OldestFile(null, null));
        await foreach (var file in drop.ListAsync(cancellationToken).Where(file => !file.IsFolder))
        {
            var site = ledger.SiteOf(file.Name);
            var (put, untold) = oldest[site];
            oldest[site] = new(
                put <= file.Modified ? put : file.Modified,
                untold <= file.Modified || told.Contains(file.Name) ? untold : file.Modified);
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

/// <summary>The oldest file of a site.</summary>
/// <param name="Put">When it was put there; null if there is none.</param>
/// <param name="Untold">The same of those of which no person is told yet.</param>
public sealed record OldestFile(DateTimeOffset? Put, DateTimeOffset? Untold);
