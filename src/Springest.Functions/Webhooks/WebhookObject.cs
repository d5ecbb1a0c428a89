namespace Springest.Functions.Webhooks;

/// <summary>What a change is about (contract, section 9.1).</summary>
public enum WebhookObject
{
    Training,
    Institute,

    /// <summary>A booking or an information request (section 9.3). Its format is a guess, so that all of it is experimental.</summary>
    Conversion,

    /// <summary>A whole delivery, whose many objects are still to be put in the inbox. No webhook names one.</summary>
    Delivery,
}
