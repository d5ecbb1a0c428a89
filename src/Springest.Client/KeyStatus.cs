namespace Springest.Client;

/// <summary>What the API thinks of a key.</summary>
public enum KeyStatus
{
    /// <summary>It is accepted.</summary>
    Valid,

    /// <summary>It is unknown to this host (401).</summary>
    Unknown,

    /// <summary>It is known, but may not do this (403).</summary>
    Forbidden,
}
