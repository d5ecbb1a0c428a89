using Springest.Simulator.Data;

namespace Springest.Simulator.Endpoints;

/// <summary>Free text search: by score, then by id (docs/springest-api.md, section 4.1).</summary>
internal static class TrainingSearch
{
    private const int InName = 10;
    private const int InRelated = 1;

    /// <summary>Trainings that have every word in their name or in those of their subjects and institute; the name counts most.</summary>
    public static IReadOnlyList<Record> Rank(IEnumerable<Record> trainings, string query)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Best(trainings, training => words.All(word => Score(training, word) > 0) ? words.Sum(word => Score(training, word)) : 0);
    }

    /// <summary>Trainings that have any of the words, those with most first.</summary>
    public static IReadOnlyList<Record> Match(IEnumerable<Record> trainings, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Best(trainings, training => words.Sum(word => Score(training, word)));
    }

    private static IReadOnlyList<Record> Best(IEnumerable<Record> trainings, Func<Record, int> score)
        => [.. trainings
            .Select(training => (Training: training, Score: score(training)))
            .Where(found => found.Score > 0)
            .OrderByDescending(found => found.Score).ThenBy(found => found.Training.Id)
            .Select(found => found.Training)];

    private static int Score(Record training, string word)
        => training.Facets.Name.Contains(word, StringComparison.OrdinalIgnoreCase) ? InName
            : training.Facets.Related.Contains(word, StringComparison.OrdinalIgnoreCase) ? InRelated
            : 0;
}
