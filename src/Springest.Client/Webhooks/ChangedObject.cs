namespace Springest.Client;

/// <summary>What a change is about (docs/springest-api.md, section 9.1).</summary>
public enum ChangedObject
{
    /// <summary>A training.</summary>
    Training,

    /// <summary>An institute.</summary>
    Institute,

    /// <summary>
    /// A booking or a request for information. The format of its webhooks is inferred (docs/springest-api.md, section 9.3).
    /// </summary>
    Conversion,
}
