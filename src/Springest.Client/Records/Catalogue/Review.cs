namespace Springest.Client;

/// <summary>A review of a training (docs/springest-api.md, section 8.7).</summary>
public sealed record Review : SpringestRecord
{
    /// <summary>The review's number.</summary>
    public long Id { get; init; }

    /// <summary>1 to 10; may be broken.</summary>
    public decimal? Rating { get; init; }

    /// <summary>What was written.</summary>
    public string? Description { get; init; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Who wrote it; blank if anonymous.</summary>
    public string? AuthorName { get; init; }

    /// <summary>The training.</summary>
    public long? TrainingId { get; init; }

    /// <summary>The institute that gave it.</summary>
    public long? InstituteId { get; init; }
}
