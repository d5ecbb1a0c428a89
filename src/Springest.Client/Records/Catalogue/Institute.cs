namespace Springest.Client;

/// <summary>A provider of trainings (docs/springest-api.md, section 8.4).</summary>
public sealed record Institute : SpringestRecord
{
    /// <summary>The institute's number, unique within the site.</summary>
    public long Id { get; init; }

    /// <summary>Name as sent; may hold HTML entities.</summary>
    public string Name { get => field ?? ""; init; } = "";

    /// <summary>The name as it stands in addresses.</summary>
    public string? ShortName { get; init; }

    /// <summary>The institute's page.</summary>
    public string? Url { get; init; }

    /// <summary>Address of its logo.</summary>
    public string? Logo { get; init; }

    /// <summary>Its own site.</summary>
    public string? ProviderUrl { get; init; }

    /// <summary>HTML.</summary>
    public string? Description { get; init; }

    /// <summary>Average of the reviews, 1 to 10.</summary>
    public decimal? AverageRating { get; init; }

    /// <summary>Number of reviews.</summary>
    public int? Count { get; init; }
}
