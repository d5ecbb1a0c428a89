namespace Springest.Client;

/// <summary>Which reviews to list (docs/springest-api.md, section 8.7). Everything that is set must hold.</summary>
public sealed record ReviewFilter
{
    /// <summary>Reviews of this institute.</summary>
    public long? InstituteId { get; init; }

    /// <summary>Reviews of this training.</summary>
    public long? TrainingId { get; init; }
}
