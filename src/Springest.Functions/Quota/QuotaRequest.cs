namespace Springest.Functions.Quota;

/// <summary>What an instance asks of the ring, all in one write.</summary>
/// <param name="Class">What the permits are for.</param>
/// <param name="Least">Fewer permits than this are of no use.</param>
/// <param name="Most">No more permits than this; zero to ask for none.</param>
public readonly record struct QuotaRequest(QuotaClass Class, int Least, int Most)
{
    /// <summary>Permits of an earlier grant that were not used and never will be.</summary>
    public int Unused { get; init; }

    /// <summary>The slot that the unused permits count in.</summary>
    public long UnusedSlot { get; init; }

    /// <summary>For how long from now the server wants no requests, in ticks; zero if it said nothing.</summary>
    public long Block { get; init; }
}
