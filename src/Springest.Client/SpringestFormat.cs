namespace Springest.Client;

/// <summary>Format of the answers (docs/springest-api.md, section 3). The records are the same.</summary>
public enum SpringestFormat
{
    /// <summary>JSON; the only one that Springest promises to support fully.</summary>
    Json,

    /// <summary>XML.</summary>
    Xml,
}
