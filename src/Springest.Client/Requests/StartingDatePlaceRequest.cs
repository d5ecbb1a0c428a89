namespace Springest.Client;

/// <summary>
/// A start to add to a training (docs/springest-api.md, section 8.3). The provider's own feed may overwrite it.
/// </summary>
public sealed record StartingDatePlaceRequest
{
    /// <summary>First day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly EndDate { get; init; }

    /// <summary>The place; required unless <see cref="Online"/> is true.</summary>
    public Field<string> Place { get; init; }

    /// <summary>True if it is given online.</summary>
    public Field<bool?> Online { get; init; }

    /// <summary>Fewest people for which it is given.</summary>
    public Field<int?> MinimumNumberOfSeats { get; init; }

    /// <summary>Most people that can take part.</summary>
    public Field<int?> MaximumNumberOfSeats { get; init; }

    /// <summary>Seats still free.</summary>
    public Field<int?> AvailableNumberOfSeats { get; init; }

    /// <summary>True if it is certain to be given.</summary>
    public Field<bool?> GuaranteedStart { get; init; }
}
