namespace Springest.Functions.Webhooks.Inbox;

/// <summary>How full a site's inbox is.</summary>
/// <param name="Waiting">Rows still to be worked on.</param>
/// <param name="More">True if there are more than were counted.</param>
/// <param name="Oldest">When the row waiting longest was named last.</param>
/// <param name="DeadLettered">Rows that failed too often.</param>
/// <param name="Held">How many rows wait because deletes are held, for each resource.</param>
public sealed record InboxSummary(
    int Waiting, bool More, DateTimeOffset? Oldest, IReadOnlyList<InboxItemEntity> DeadLettered, IReadOnlyDictionary<string, int> Held);
