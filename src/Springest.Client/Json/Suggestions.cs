using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>The answer to autocompletion.</summary>
internal sealed record Suggestions
{
    [JsonPropertyName("results")]
    public IReadOnlyDictionary<string, IReadOnlyList<Suggestion>> Groups
    {
        get => field ?? new Dictionary<string, IReadOnlyList<Suggestion>>();
        init;
    }
    = new Dictionary<string, IReadOnlyList<Suggestion>>();
}
