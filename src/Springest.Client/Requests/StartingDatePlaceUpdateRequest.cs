namespace Springest.Client;

/// <summary>What to change about a start (docs/springest-api.md, section 8.3). Day and place are not known to be changeable.</summary>
public sealed record StartingDatePlaceUpdateRequest
{
    /// <summary>Fewest people for which it is given.</summary>
    public Field<int?> MinimumNumberOfSeats { get; init; }

    /// <summary>Most people that can take part.</summary>
    public Field<int?> MaximumNumberOfSeats { get; init; }

    /// <summary>Seats still free.</summary>
    public Field<int?> AvailableNumberOfSeats { get; init; }

    /// <summary>True if it is certain to be given.</summary>
    public Field<bool?> GuaranteedStart { get; init; }
}
