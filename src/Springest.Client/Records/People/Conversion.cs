using System.Diagnostics.CodeAnalysis;

namespace Springest.Client;

/// <summary>
/// A booking or a request for information (docs/springest-api.md, section 8.9). Experimental: none of it is documented by Springest.
/// </summary>
[Experimental("SPRINGEST0001")]
public sealed record Conversion : SpringestRecord
{
    /// <summary>The conversion's number.</summary>
    public long Id { get; init; }

    /// <summary>Its kind.</summary>
    public ConversionType? Type { get; init; }

    /// <summary>How far it is.</summary>
    public BookingStatus? Status { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it changed last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The training.</summary>
    public long? TrainingId { get; init; }

    /// <summary>The institute that gives it.</summary>
    public long? InstituteId { get; init; }

    /// <summary>The start that was chosen.</summary>
    public long? StartingDateplaceId { get; init; }

    /// <summary>What the person wrote.</summary>
    public string? Message { get; init; }

    /// <summary>First name of the person.</summary>
    public string? FirstName { get; init; }

    /// <summary>Last name of the person.</summary>
    public string? LastName { get; init; }

    /// <summary>E-mail address of the person.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone number of the person.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>The person's company.</summary>
    public string? CompanyName { get; init; }
}
