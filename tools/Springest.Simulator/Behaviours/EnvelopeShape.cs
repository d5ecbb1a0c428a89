namespace Springest.Simulator.Behaviours;

/// <summary>What stands around a list (docs/springest-api.md, section 4).</summary>
public enum EnvelopeShape
{
    /// <summary><c>meta.results</c> and the list.</summary>
    Results,

    /// <summary><c>meta.count</c> and the list.</summary>
    Count,

    /// <summary>The list alone, under its key.</summary>
    NoMeta,

    /// <summary>Nothing: a bare array, and a bare object for a single record.</summary>
    Bare,
}
