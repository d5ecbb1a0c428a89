namespace Springest.Client;

/// <summary>Which trainings to list (contract, section 8.1). Everything that is set must hold.</summary>
public sealed record TrainingFilter
{
    /// <summary>Trainings of this institute.</summary>
    public long? InstituteId { get; init; }

    /// <summary>Trainings changed on or after this day.</summary>
    public DateOnly? ModifiedFrom { get; init; }

    /// <summary>True for complete records; lists shorten descriptions and omit dates, costs and associations otherwise.</summary>
    public bool Full { get; init; }
}
