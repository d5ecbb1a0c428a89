namespace Springest.Simulator.Webhooks;

/// <summary>The two formats of webhooks (docs/springest-api.md, section 9).</summary>
public enum WebhookFormat
{
    /// <summary>Today's: an object with an array <c>changes</c> (docs/springest-api.md, section 9.1).</summary>
    Changes,

    /// <summary>That of 2014: one training per body, with its record (docs/springest-api.md, section 9.2).</summary>
    Single2014,
}
