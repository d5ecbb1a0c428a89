namespace Springest.Functions.Webhooks.Parsing;

/// <summary>What a change is about (docs/springest-api.md, section 9.1).</summary>
public enum WebhookObject
{
    Training,
    Institute,

    /// <summary>
    /// All trainings of an institute, after an import. Apart from the institute itself, so that neither is forgotten over the other.
    /// </summary>
    Import,

    /// <summary>
    /// A booking or an information request (docs/springest-api.md, section 9.3). Its format is a guess, so that all of it is experimental.
    /// </summary>
    Conversion,

    /// <summary>Many objects at once, until each has a row in the inbox. No webhook names one.</summary>
    Bundle,

    /// <summary>The deliveries of a span of time, until each object that they name has a row in the inbox again.</summary>
    Replay,
}
