namespace Springest.Client;

/// <summary>A category of subjects (docs/springest-api.md, section 8.5).</summary>
public sealed record Category : SpringestRecord
{
    /// <summary>The category's number, unique within the site.</summary>
    public long Id { get; init; }

    /// <summary>Name as sent; may hold HTML entities.</summary>
    public string Name { get => field ?? ""; init; } = "";

    /// <summary>The name as it stands in addresses.</summary>
    public string? ShortName { get; init; }

    /// <summary>Number of trainings in it.</summary>
    public int? Count { get; init; }

    /// <summary>The category's page.</summary>
    public string? Url { get; init; }
}
