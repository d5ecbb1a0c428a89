namespace Springest.Client;

/// <summary>
/// A user to create or to change (docs/springest-api.md, section 8.14). Found by <see cref="ExternalId"/>, or else by <see cref="Email"/>;
/// at least one of them must be set, and a new user needs an e-mail address. What is not set stays as it is.
/// </summary>
public sealed record UserRequest
{
    /// <summary>E-mail address.</summary>
    public Field<string> Email { get; init; }

    /// <summary>The organisation's own number of the person.</summary>
    public Field<string> ExternalId { get; init; }

    /// <summary>Gender.</summary>
    public Field<Gender?> Gender { get; init; }

    /// <summary>First name.</summary>
    public Field<string> FirstName { get; init; }

    /// <summary>Last name.</summary>
    public Field<string> LastName { get; init; }

    /// <summary>Telephone number.</summary>
    public Field<string> PhoneNumber { get; init; }

    /// <summary>Day of birth.</summary>
    public Field<DateOnly?> Birthdate { get; init; }

    /// <summary>Place of birth.</summary>
    public Field<string> Birthplace { get; init; }

    /// <summary>Company.</summary>
    public Field<string> CompanyName { get; init; }

    /// <summary>Street.</summary>
    public Field<string> Address { get; init; }

    /// <summary>House number with its additions.</summary>
    public Field<string> HouseNumber { get; init; }

    /// <summary>Postal code.</summary>
    public Field<string> ZipCode { get; init; }

    /// <summary>Town.</summary>
    public Field<string> City { get; init; }

    /// <summary>Country.</summary>
    public Field<string> Country { get; init; }

    /// <summary>False switches the user off; there is no deleting. A new user is active.</summary>
    public Field<bool?> Active { get; init; }

    /// <summary>Job title.</summary>
    public Field<string> JobTitle { get; init; }

    /// <summary>Department.</summary>
    public Field<string> DepartmentName { get; init; }

    /// <summary>Business unit.</summary>
    public Field<string> BusinessUnit { get; init; }

    /// <summary>Number of the cost centre.</summary>
    public Field<string> CostCenter { get; init; }

    /// <summary>Name of the cost centre.</summary>
    public Field<string> CostCenterName { get; init; }

    /// <summary>Who approves the user's bookings; each must be an active user already.</summary>
    public Field<Approver[]> Approvers { get; init; }

    /// <summary>Labels.</summary>
    public Field<string[]> Tags { get; init; }

    /// <summary>First day of employment.</summary>
    public Field<DateOnly?> EmploymentStartDate { get; init; }

    /// <summary>Last day of employment.</summary>
    public Field<DateOnly?> EmploymentEndDate { get; init; }
}
