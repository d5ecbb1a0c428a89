namespace Springest.Simulator.Data;

/// <summary>A booking (docs/springest-api.md, sections 8.15 to 8.17).</summary>
public sealed record Booking
{
    /// <summary>Its id, which is also that of the conversion.</summary>
    public required long Id { get; init; }

    /// <summary>The training that was booked.</summary>
    public required long TrainingId { get; init; }

    /// <summary>Name of the key that made it: only the same key may cancel it.</summary>
    public required string Key { get; init; }

    /// <summary>The fields as sent.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Such as <c>requested</c>, <c>confirmed</c>, <c>cancelled</c>.</summary>
    public string Status { get; init; } = "requested";

    /// <summary>Such as <c>enrolled</c>, <c>completed</c>, <c>unknown</c>.</summary>
    public string ParticipationStatus { get; init; } = "unknown";

    internal string? Field(string name) => Fields.GetValueOrDefault(name);
}
