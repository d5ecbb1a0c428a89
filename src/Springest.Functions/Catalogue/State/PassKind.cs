namespace Springest.Functions.Catalogue.State;

/// <summary>What a pass reads.</summary>
public enum PassKind
{
    /// <summary>Every record. Only such a pass can show that one is missing.</summary>
    Full,

    /// <summary>What changed since the last pass, by the list's own filter.</summary>
    Delta,
}
