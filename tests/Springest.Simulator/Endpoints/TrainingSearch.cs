using System.Text.Json;
using Springest.Simulator.Data;

namespace Springest.Simulator.Endpoints;

/// <summary>Free text search: by score, then by id (contract, section 4.1).</summary>
internal static class TrainingSearch
{
    /// <summary>Trainings that have every word in name, subjects or description; a word in the name counts most.</summary>
    public static IReadOnlyList<Record> Rank(IEnumerable<Record> trainings, string query)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. trainings
            .Select(training => (Training: training, Score: Score(training, words)))
            .Where(found => found.Score > 0)
            .OrderByDescending(found => found.Score).ThenBy(found => found.Training.Id)
            .Select(found => found.Training)];
    }

    private static int Score(Record training, string[] words)
    {
        using var document = JsonDocument.Parse(training.Json);
        var name = Text(document, "name");
        var description = Text(document, "description");
        var score = 0;
        foreach (var word in words)
        {
            var weight = name.Contains(word, StringComparison.OrdinalIgnoreCase) ? 10 : description.Contains(word, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            if (weight == 0)
                return 0;
            score += weight;
        }

        return score;
    }

    private static string Text(JsonDocument training, string field)
        => training.RootElement.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
