using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// State of publication of a training (docs/springest-api.md, section 8.2). A value that this version does not know is kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<TrainingStatus>))]
public readonly record struct TrainingStatus(string Value) : IStringEnum<TrainingStatus>
{
    /// <summary>In the API's overview.</summary>
    public static TrainingStatus Published { get; } = new("published");

    static TrainingStatus IStringEnum<TrainingStatus>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
