namespace Springest.Client;

/// <summary>
/// A booking to make (docs/springest-api.md, section 8.15). Springest mails confirmations: there is no trying it out. Which of the
/// organisation's fields are required depends on the site.
/// </summary>
public sealed record BookingRequest
{
    /// <summary>First name.</summary>
    public required string FirstName { get; init; }

    /// <summary>Last name.</summary>
    public required string LastName { get; init; }

    /// <summary>E-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>Telephone number.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>Day of birth.</summary>
    public required DateOnly Birthdate { get; init; }

    /// <summary>Place of birth.</summary>
    public required string Birthplace { get; init; }

    /// <summary>Company.</summary>
    public required string CompanyName { get; init; }

    /// <summary>Street.</summary>
    public required string Address { get; init; }

    /// <summary>House number with its additions.</summary>
    public required string HouseNumber { get; init; }

    /// <summary>Postal code.</summary>
    public required string ZipCode { get; init; }

    /// <summary>Town.</summary>
    public required string City { get; init; }

    /// <summary>Business unit.</summary>
    public Field<string> BusinessUnit { get; init; }

    /// <summary>Department.</summary>
    public Field<string> DepartmentName { get; init; }

    /// <summary>Number of the cost centre.</summary>
    public Field<string> CostCenter { get; init; }

    /// <summary>Name of the cost centre.</summary>
    public Field<string> CostCenterName { get; init; }

    /// <summary>A word to the provider.</summary>
    public Field<string> Message { get; init; }

    /// <summary>The start that is booked; one of the training's.</summary>
    public Field<long?> StartingDateplaceId { get; init; }
}
