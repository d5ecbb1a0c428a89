namespace Springest.Functions.Webhooks;

/// <summary>Names of the webhooks' tables and container, without prefix.</summary>
public static class WebhookStorage
{
    public const string Inbox = "WebhookInbox";
    public const string Deliveries = "WebhookDeliveries";
    public const string Deletes = "WebhookDeletes";
    public const string Conversions = nameof(Conversions);

    /// <summary>Container of what was posted.</summary>
    public const string Bodies = "webhook-bodies";
}
