namespace Springest.Functions.Webhooks;

/// <summary>What is said to have happened (contract, section 9.1). A hint only: the object is read again in any case.</summary>
public enum WebhookAction
{
    Update,
    Import,
    Destroy,
}
