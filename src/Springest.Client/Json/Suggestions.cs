using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>The answer to autocompletion.</summary>
internal sealed record Suggestions : SpringestRecord
{
    [JsonPropertyName("results")]
    public IReadOnlyDictionary<string, IReadOnlyList<Suggestion>>? Groups { get; init; }
}
