using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>The filters of the list of trainings (docs/springest-api.md, section 8.1); all that are given must hold.</summary>
internal static class TrainingFilter
{
    public static IReadOnlyList<Record> Apply(Call call)
    {
        IEnumerable<Record> trainings = call.Catalogue.Trainings.Snapshot();
        if (call.Ids("institute_id") is { } institutes)
            trainings = trainings.Where(training => training.InstituteId is { } institute && institutes.Contains(institute));
        if (call.From("modified_from") is { } modifiedFrom)
            trainings = trainings.Where(training => training.Modified >= modifiedFrom);
        if (call.From("created_from") is { } createdFrom)
            trainings = trainings.Where(training => training.Created >= createdFrom);
        if (call.From("published_from") is { } publishedFrom)
            trainings = trainings.Where(training => training.Created >= publishedFrom);
        if (call.Ids("subject_id") is { } subjects)
            trainings = trainings.Where(training => training.Facets.Subjects.Any(subject => subjects.Contains(subject.Id)));
        if (call.Ids("category_id") is { } categories)
            trainings = trainings.Where(training => training.Facets.Subjects.Any(subject => categories.Contains(subject.CategoryId ?? 0)));
        trainings = Named(trainings, call.Words("method"), facets => facets.Methods);
        trainings = Named(trainings, call.Words("level"), facets => facets.Levels);
        trainings = Named(trainings, call.Words("region"), facets => facets.Regions);
        if (call.Parameter("country") is { } country)
            trainings = trainings.Where(training => training.Facets.Regions.Any(region => Same(region.Country, country)));
        if (call.Parameter("query") is { } query)
            return TrainingSearch.Rank(trainings, query);
        if (call.Behaviour.DescendingOrder)
            trainings = trainings.Reverse();
        return trainings as IReadOnlyList<Record> ?? [.. trainings];
    }

    // Ids or names.
    private static IEnumerable<Record> Named(
        IEnumerable<Record> trainings, string[]? wanted, Func<RecordFacets, IReadOnlyList<Facet>> table)
    {
        if (wanted is null)
            return trainings;
        return trainings.Where(training => table(training.Facets).Any(item =>
            wanted.Any(one => long.TryParse(one, out var id) ? item.Id == id : Same(item.Name, one))));
    }

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
