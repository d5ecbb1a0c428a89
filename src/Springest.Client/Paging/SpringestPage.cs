namespace Springest.Client;

/// <summary>One answer of a list endpoint (docs/springest-api.md, section 4).</summary>
/// <param name="Items">The items, in the order received.</param>
/// <param name="Offset">The offset that was asked for.</param>
/// <param name="Total">The total over all pages as this answer says it; null if it says none, or not as a plain integer.</param>
public sealed record SpringestPage<T>(IReadOnlyList<T> Items, int Offset, long? Total)
{
    /// <summary>What came beside the items and cannot be read as one.</summary>
    public IReadOnlyList<SkippedRecord> Skipped { get; init; } = [];

    /// <summary>Places in the list that hold nothing.</summary>
    internal int Empty { get; init; }

    internal int Received => Items.Count + Skipped.Count + Empty;
}
