namespace Springest.Functions.Catalogue.Store;

/// <summary>What became of some records.</summary>
internal readonly record struct RecordCounts(int Created = 0, int Updated = 0, int Refused = 0)
{
    public static RecordCounts Of(ApplyOutcome outcome) => outcome switch
    {
        ApplyOutcome.Created => new(Created: 1),
        ApplyOutcome.Updated => new(Updated: 1),
        _ => new(),
    };

    public static RecordCounts operator +(RecordCounts one, RecordCounts other)
        => new(one.Created + other.Created, one.Updated + other.Updated, one.Refused + other.Refused);
}
