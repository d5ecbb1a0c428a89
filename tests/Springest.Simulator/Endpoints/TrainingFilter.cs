using System.Text.Json;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>The filters of the list of trainings (contract, section 8.1); all that are given must hold.</summary>
internal static class TrainingFilter
{
    public static IReadOnlyList<Record> Apply(Call call)
    {
        IEnumerable<Record> trainings = call.Catalogue.Trainings.Snapshot();
        if (call.Ids("institute_id") is { } institutes)
            trainings = trainings.Where(training => training.InstituteId is { } institute && institutes.Contains(institute));
        if (call.Date("modified_from") is { } modifiedFrom)
            trainings = trainings.Where(training => training.Modified >= modifiedFrom);
        if (call.Date("created_from") is { } createdFrom)
            trainings = trainings.Where(training => training.Created >= createdFrom);
        if (call.Date("published_from") is { } publishedFrom)
            trainings = trainings.Where(training => training.Created >= publishedFrom);
        trainings = Having(trainings, call.Ids("subject_id"), "subjects", "id");
        trainings = Having(trainings, call.Ids("category_id"), "subjects", "category_id");
        trainings = Named(trainings, call.Parameter("method"), "methods", "name");
        trainings = Named(trainings, call.Parameter("level"), "levels", "name");
        trainings = Named(trainings, call.Parameter("region"), "regions", "short");
        if (call.Parameter("country") is { } country)
            trainings = trainings.Where(training => Any(training, "regions", region => Is(region, "country", country)));
        if (call.Parameter("query") is { } query)
            trainings = TrainingSearch.Rank(trainings, query);
        return trainings as IReadOnlyList<Record> ?? [.. trainings];
    }

    private static IEnumerable<Record> Having(IEnumerable<Record> trainings, IReadOnlySet<long>? ids, string list, string field)
        => ids is null ? trainings : trainings.Where(training => Any(training, list, item => ids.Contains(item.GetProperty(field).GetInt64())));

    // An id or a name, several of them separated by commas.
    private static IEnumerable<Record> Named(IEnumerable<Record> trainings, string? value, string list, string name)
    {
        if (value is null)
            return trainings;
        var wanted = value.Split(',');
        return trainings.Where(training => Any(training, list, item =>
            wanted.Any(one => long.TryParse(one, out var id) ? item.GetProperty("id").GetInt64() == id : Is(item, name, one))));
    }

    private static bool Is(JsonElement item, string field, string value)
        => string.Equals(item.GetProperty(field).GetString(), value, StringComparison.OrdinalIgnoreCase);

    private static bool Any(Record training, string list, Func<JsonElement, bool> holds)
    {
        using var document = JsonDocument.Parse(training.Json);
        return document.RootElement.TryGetProperty(list, out var items) && items.EnumerateArray().Any(holds);
    }
}
