using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// What became of taking part (docs/springest-api.md, section 8.16). Mind the blank and the hyphen on the wire. A value that this version
/// does not know is kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<ParticipationStatus>))]
public readonly record struct ParticipationStatus(string Value) : IStringEnum<ParticipationStatus>
{
    /// <summary>Will take part.</summary>
    public static ParticipationStatus Enrolled { get; } = new("enrolled");

    /// <summary>Takes part.</summary>
    public static ParticipationStatus Started { get; } = new("started");

    /// <summary>Did not come.</summary>
    public static ParticipationStatus NoShow { get; } = new("no-show");

    /// <summary>Took part to the end.</summary>
    public static ParticipationStatus Completed { get; } = new("completed");

    /// <summary>Took part without success.</summary>
    public static ParticipationStatus DidNotPass { get; } = new("did not pass");

    /// <summary>Will not take part.</summary>
    public static ParticipationStatus Cancelled { get; } = new("cancelled");

    /// <summary>Not known.</summary>
    public static ParticipationStatus Unknown { get; } = new("unknown");

    static ParticipationStatus IStringEnum<ParticipationStatus>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}
