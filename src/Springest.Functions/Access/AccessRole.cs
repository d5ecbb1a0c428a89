namespace Springest.Functions.Access;

/// <summary>What a key may do: each role what those before it may, and more.</summary>
public enum AccessRole
{
    /// <summary>Programs that read the mirror.</summary>
    Reader = 1,

    /// <summary>People who look: at the status, certificates, webhooks.</summary>
    Viewer,

    /// <summary>People who decide and command.</summary>
    Operator,
}
