namespace Springest.Client;

/// <summary>
/// A review form made ready for one person (docs/springest-api.md, section 8.8); the review exists once the person submits it.
/// </summary>
public sealed record ReviewRequestLink : SpringestRecord
{
    /// <summary>The training.</summary>
    public long? TrainingId { get; init; }

    /// <summary>Address of the form.</summary>
    public string? Url { get; init; }
}
