namespace Springest.Functions.Webhooks.Parsing;

/// <summary>The two addresses that Springest posts webhooks to.</summary>
public enum WebhookFeed
{
    /// <summary>Trainings and institutes (docs/springest-api.md, sections 9.1 and 9.2).</summary>
    Trainings,

    /// <summary>Conversions (docs/springest-api.md, section 9.3). Experimental.</summary>
    Conversions,
}
