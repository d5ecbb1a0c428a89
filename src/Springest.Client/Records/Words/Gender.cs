using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// Gender of a user (docs/springest-api.md, section 8.14). Sent as m and f, or as male and female where
/// <see cref="SpringestSiteOptions.LongGenders"/> is set. A value that this version does not know is kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<Gender>))]
public readonly record struct Gender(string Value) : IStringEnum<Gender>
{
    /// <summary>Male.</summary>
    public static Gender Male { get; } = new("m");

    /// <summary>Female.</summary>
    public static Gender Female { get; } = new("f");

    static Gender IStringEnum<Gender>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
