namespace Springest.Client;

/// <summary>What a training can lead to, such as a named diploma (docs/springest-api.md, section 8.13).</summary>
public sealed record Certification : SpringestRecord
{
    /// <summary>The certification's number, unique within the site.</summary>
    public long Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get => field ?? ""; init; } = "";

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>True if its certificates must say until when they are valid.</summary>
    public bool RequiresValidUntil { get; init; }
}
