namespace Springest.Client;

/// <summary>A completion of a term (docs/springest-api.md, section 8.11). Only the name is sure.</summary>
public sealed record Suggestion : SpringestRecord
{
    /// <summary>The number of what is suggested, within its group.</summary>
    public long? Id { get; init; }

    /// <summary>Name as sent; may hold HTML entities.</summary>
    public string? Name { get; init; }

    /// <summary>The name as it stands in addresses.</summary>
    public string? ShortName { get; init; }

    /// <summary>Its page.</summary>
    public string? Url { get; init; }
}
