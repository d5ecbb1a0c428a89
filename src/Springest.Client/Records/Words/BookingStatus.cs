using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// How far a booking or conversion is (docs/springest-api.md, section 8.16). A value that this version does not know is kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<BookingStatus>))]
public readonly record struct BookingStatus(string Value) : IStringEnum<BookingStatus>
{
    /// <summary>Begun.</summary>
    public static BookingStatus Initialized { get; } = new("initialized");

    /// <summary>Asked for.</summary>
    public static BookingStatus Requested { get; } = new("requested");

    /// <summary>Passed on to the provider.</summary>
    public static BookingStatus Transferred { get; } = new("transferred");

    /// <summary>Confirmed.</summary>
    public static BookingStatus Confirmed { get; } = new("confirmed");

    /// <summary>Approved by the organisation.</summary>
    public static BookingStatus Approved { get; } = new("approved");

    /// <summary>Rejected by the organisation.</summary>
    public static BookingStatus Rejected { get; } = new("rejected");

    /// <summary>Accepted by the provider.</summary>
    public static BookingStatus Accepted { get; } = new("accepted");

    /// <summary>Declined by the provider.</summary>
    public static BookingStatus Declined { get; } = new("declined");

    /// <summary>Nobody decided in time.</summary>
    public static BookingStatus Expired { get; } = new("expired");

    /// <summary>Became a conversion.</summary>
    public static BookingStatus Converted { get; } = new("converted");

    /// <summary>Cancelled.</summary>
    public static BookingStatus Cancelled { get; } = new("cancelled");

    static BookingStatus IStringEnum<BookingStatus>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
