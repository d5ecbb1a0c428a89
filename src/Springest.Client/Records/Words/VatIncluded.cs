using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// Whether a price holds value added tax (docs/springest-api.md, section 8.2). A value that this version does not know is kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<VatIncluded>))]
public readonly record struct VatIncluded(string Value) : IStringEnum<VatIncluded>
{
    /// <summary>Not said.</summary>
    public static VatIncluded Unknown { get; } = new("unknown");

    /// <summary>It does.</summary>
    public static VatIncluded Yes { get; } = new("yes");

    /// <summary>It comes on top.</summary>
    public static VatIncluded No { get; } = new("no");

    /// <summary>There is none.</summary>
    public static VatIncluded Exempt { get; } = new("exempt");

    static VatIncluded IStringEnum<VatIncluded>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
