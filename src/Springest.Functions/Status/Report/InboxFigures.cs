namespace Springest.Functions.Status.Report;

/// <summary>What webhooks have named and what is still to be applied.</summary>
/// <param name="Waiting">Objects still to be read again.</param>
/// <param name="More">True if there are more than were counted.</param>
/// <param name="Oldest">When the one named longest ago was named.</param>
/// <param name="DeadLettered">Objects that failed too often.</param>
/// <param name="Held">Objects that are gone, and are not deleted because deletes are held.</param>
public sealed record InboxFigures(int Waiting, bool More, DateTimeOffset? Oldest, int DeadLettered, int Held);
