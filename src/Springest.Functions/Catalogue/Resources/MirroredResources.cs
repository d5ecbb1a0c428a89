namespace Springest.Functions.Catalogue.Resources;

/// <summary>What the mirror holds. One more is a class with its description, a line here, and a timer in <c>CrawlFunctions</c>.</summary>
public static class MirroredResources
{
    /// <summary>Every resource, by name.</summary>
    public static IReadOnlyList<ResourceDescription> All { get; } =
    [
        Categories.Description,
        Certifications.Description,
        Institutes.Description,
        Reviews.Description,
        Subjects.Description,
        Trainings.Description,
    ];

    /// <summary>The resource of a path, whatever its case; null if there is none.</summary>
    public static ResourceDescription? Find(string path)
        => All.FirstOrDefault(description => description.Path.Equals(path, StringComparison.OrdinalIgnoreCase));
}
