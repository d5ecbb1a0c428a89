namespace Springest.Client;

/// <summary>Which bookings to list (docs/springest-api.md, section 8.16). Everything that is set must hold.</summary>
public sealed record BookingFilter
{
    /// <summary>Bookings made on this day.</summary>
    public DateOnly? CreatedAt { get; init; }

    /// <summary>Bookings that changed last on this day.</summary>
    public DateOnly? UpdatedAt { get; init; }

    /// <summary>Bookings of the person with this number of the organisation.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Bookings that are this far.</summary>
    public BookingStatus? Status { get; init; }

    /// <summary>Bookings of which this became.</summary>
    public ParticipationStatus? ParticipationStatus { get; init; }
}
