namespace Springest.Client;

/// <summary>Which trainings to list (docs/springest-api.md, section 8.1). Everything that is set must hold.</summary>
public sealed record TrainingFilter
{
    /// <summary>Words to find; orders the list by how well they fit.</summary>
    public string? Query { get; init; }

    /// <summary>Trainings about this subject.</summary>
    public long? SubjectId { get; init; }

    /// <summary>Trainings of this institute.</summary>
    public long? InstituteId { get; init; }

    /// <summary>Trainings of this category.</summary>
    public long? CategoryId { get; init; }

    /// <summary>Way of teaching: its number on this site, or its name.</summary>
    public string? Method { get; init; }

    /// <summary>Level of education: its number on this site, or its name.</summary>
    public string? Level { get; init; }

    /// <summary>Region: its number on this site, or its short name.</summary>
    public string? Region { get; init; }

    /// <summary>Country.</summary>
    public string? Country { get; init; }

    /// <summary>Trainings made on or after this day.</summary>
    public DateOnly? CreatedFrom { get; init; }

    /// <summary>Trainings published on or after this day.</summary>
    public DateOnly? PublishedFrom { get; init; }

    /// <summary>Trainings changed on or after this day.</summary>
    public DateOnly? ModifiedFrom { get; init; }

    /// <summary>True for complete records; lists shorten descriptions and omit dates, costs and associations otherwise.</summary>
    public bool Full { get; init; }
}
