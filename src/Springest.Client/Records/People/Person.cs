namespace Springest.Client;

/// <summary>A person as certificates and bookings name one (docs/springest-api.md, sections 8.12 and 8.16).</summary>
public sealed record Person : SpringestRecord
{
    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>First name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Last name.</summary>
    public string? LastName { get; init; }

    /// <summary>The organisation's own number of the person.</summary>
    public string? ExternalId { get; init; }
}
