namespace Springest.Client;

/// <summary>
/// A number with a name: a level, a method, an association, the training of a booking (docs/springest-api.md, sections 8.2 and 8.16).
/// </summary>
public sealed record NamedId : SpringestRecord
{
    /// <summary>The number, within its kind and site.</summary>
    public long Id { get; init; }

    /// <summary>The name, in the site's language.</summary>
    public string? Name { get; init; }
}
