namespace Springest.Client;

/// <summary>
/// A review to ask for (docs/springest-api.md, section 8.8). The training is named by <see cref="TrainingId"/> or <see cref="ExternalId"/>.
/// </summary>
public sealed record ReviewFormRequest
{
    /// <summary>E-mail address of the person.</summary>
    public required string Email { get; init; }

    /// <summary>First name of the person.</summary>
    public required string FirstName { get; init; }

    /// <summary>Last name of the person.</summary>
    public required string LastName { get; init; }

    /// <summary>The training's number; it must be published.</summary>
    public Field<long?> TrainingId { get; init; }

    /// <summary>The training's number in the provider's own feed.</summary>
    public Field<string> ExternalId { get; init; }

    /// <summary>Job title of the person.</summary>
    public Field<string> JobTitle { get; init; }

    /// <summary>The review, for the person to change.</summary>
    public Field<string> Description { get; init; }

    /// <summary>The rating, 1 to 10, for the person to change.</summary>
    public Field<int?> Rating { get; init; }

    /// <summary>Day on which the person ended the training.</summary>
    public Field<DateOnly?> TrainingCompletedAt { get; init; }

    /// <summary>E-mail address of the trainer.</summary>
    public Field<string> ReviewTrainer { get; init; }
}
