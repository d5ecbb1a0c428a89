using System.Text.Json.Serialization;
using Springest.Client.Json;

namespace Springest.Client;

/// <summary>
/// State of publication of a training (docs/springest-api.md, section 8.2). A value that this version does not know is kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(WordConverter<TrainingStatus>))]
public readonly record struct TrainingStatus(string Value) : IWord<TrainingStatus>
{
    /// <summary>In the API's overview.</summary>
    public static TrainingStatus Published { get; } = new("published");

    static TrainingStatus IWord<TrainingStatus>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
