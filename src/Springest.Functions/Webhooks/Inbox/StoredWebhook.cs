namespace Springest.Functions.Webhooks.Inbox;

/// <summary>A webhook that is stored.</summary>
/// <param name="Rows">What stands for it in the inbox, perhaps for others of its site too.</param>
/// <param name="IsSingle">Whether nothing else was stored with it.</param>
internal sealed record StoredWebhook(IReadOnlyList<InboxItemEntity> Rows, bool IsSingle);
