namespace Springest.Functions.Webhooks;

/// <summary>The two addresses that Springest posts webhooks to.</summary>
public enum WebhookFeed
{
    /// <summary>Trainings and institutes (contract, sections 9.1 and 9.2).</summary>
    Trainings,

    /// <summary>Conversions (section 9.3). Experimental.</summary>
    Conversions,
}
