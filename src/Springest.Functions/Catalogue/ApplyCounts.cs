namespace Springest.Functions.Catalogue;

/// <summary>What became of some records.</summary>
internal readonly record struct ApplyCounts(int Created = 0, int Updated = 0, int Refused = 0)
{
    public static ApplyCounts Of(RefreshOutcome outcome) => outcome switch
    {
        RefreshOutcome.Created => new(Created: 1),
        RefreshOutcome.Updated => new(Updated: 1),
        _ => new(),
    };

    public static ApplyCounts operator +(ApplyCounts one, ApplyCounts other)
        => new(one.Created + other.Created, one.Updated + other.Updated, one.Refused + other.Refused);
}
