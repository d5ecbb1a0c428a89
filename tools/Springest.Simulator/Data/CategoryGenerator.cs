using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>The 21 categories (docs/springest-api.md, section 8.5).</summary>
internal static class CategoryGenerator
{
    public const int FirstId = 71;

    public static void Put(Catalogue catalogue, IReadOnlyList<SubjectSeed> subjects)
    {
        foreach (var (index, name) in Vocabulary.Categories.Index())
        {
            catalogue.Categories.Put(new JsonObject
            {
                ["id"] = FirstId + index,
                ["name"] = name,
                ["short_name"] = Slug.Of(name),
                ["count"] = subjects.Where(subject => subject.Category == index).Sum(subject => subject.Count),
                ["url"] = $"https://www.springest.nl/{Slug.Of(name)}",
            });
        }
    }
}
