namespace Springest.Functions.Webhooks;

/// <summary>What a change is about (contract, section 9.1).</summary>
public enum WebhookObject
{
    Training,
    Institute,
}
