using System.Text.Json.Serialization;

namespace Springest.Client;

/// <summary>
/// Where a training is given (docs/springest-api.md, section 8.2). The ids differ per site and over the years: take them from answers.
/// </summary>
public sealed record Region : SpringestRecord
{
    /// <summary>The region's number.</summary>
    public long Id { get; init; }

    /// <summary>Short name.</summary>
    [JsonPropertyName("short")]
    public string? ShortName { get; init; }

    /// <summary>Long name; often empty.</summary>
    [JsonPropertyName("long")]
    public string? LongName { get; init; }

    /// <summary>Name of the country.</summary>
    public string? Country { get; init; }

    /// <summary>Place in the site's own order.</summary>
    public int? Order { get; init; }
}
