namespace Springest.Functions.Webhooks.Inbox;

/// <summary>The row that is being worked on was taken out of the inbox: what it stood for is no longer wanted.</summary>
internal sealed class InboxItemDroppedException() : Exception("It was taken out of the inbox.");
