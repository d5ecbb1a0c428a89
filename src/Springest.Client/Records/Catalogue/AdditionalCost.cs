namespace Springest.Client;

/// <summary>A cost beside a training's price (docs/springest-api.md, section 8.2).</summary>
public sealed record AdditionalCost : SpringestRecord
{
    /// <summary>What it is for.</summary>
    public string? Name { get; init; }

    /// <summary>The amount, in the training's currency.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Value added tax on it.</summary>
    public decimal? VatAmount { get; init; }

    /// <summary>Whether the amount holds value added tax.</summary>
    public VatIncluded? VatIncluded { get; init; }

    /// <summary>True if everybody pays it; only such costs are part of the price shown.</summary>
    public bool? Mandatory { get; init; }
}
