using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// Kind of a conversion (docs/springest-api.md, section 8.9; the words are not documented). A value that this version does not know is kept
/// as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<ConversionType>))]
public readonly record struct ConversionType(string Value) : IStringEnum<ConversionType>
{
    /// <summary>A booking.</summary>
    public static ConversionType Booking { get; } = new("booking");

    /// <summary>A request for information.</summary>
    public static ConversionType InformationRequest { get; } = new("information_request");

    static ConversionType IStringEnum<ConversionType>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
