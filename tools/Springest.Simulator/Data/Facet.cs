namespace Springest.Simulator.Data;

/// <summary>An item of one of a training's lists.</summary>
internal sealed record Facet(long Id, string Name)
{
    /// <summary>Of a subject.</summary>
    public long? CategoryId { get; init; }

    /// <summary>Of a region.</summary>
    public string? Country { get; init; }
}
