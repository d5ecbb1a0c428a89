namespace Springest.Client;

/// <summary>What trainings are about (docs/springest-api.md, section 8.6).</summary>
public sealed record Subject : SpringestRecord
{
    /// <summary>The subject's number, unique within the site.</summary>
    public long Id { get; init; }

    /// <summary>The category it belongs to.</summary>
    public long? CategoryId { get; init; }

    /// <summary>Name as sent; may hold HTML entities and trailing blanks.</summary>
    public string Name { get => field ?? ""; init; } = "";

    /// <summary>The name as it stands in addresses.</summary>
    public string? ShortName { get; init; }

    /// <summary>The category's name as it stands in addresses.</summary>
    public string? CategoryShortName { get; init; }

    /// <summary>The subject's page.</summary>
    public string? Url { get; init; }

    /// <summary>Number of trainings about it.</summary>
    public int? Count { get; init; }
}
