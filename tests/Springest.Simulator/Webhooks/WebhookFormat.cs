namespace Springest.Simulator.Webhooks;

/// <summary>The two formats of webhooks (contract, section 9).</summary>
public enum WebhookFormat
{
    /// <summary>Today's: an object with an array <c>changes</c> (section 9.1).</summary>
    Changes,

    /// <summary>That of 2014: one training per body, with its record (section 9.2).</summary>
    Single2014,
}
