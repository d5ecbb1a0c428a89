using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>A subject in the making (docs/springest-api.md, section 8.6).</summary>
internal sealed record SubjectSeed(long Id, int Category, string Name)
{
    /// <summary>Trainings on it.</summary>
    public int Count { get; set; }

    public JsonObject ToRecord()
    {
        var category = Slug.Of(Vocabulary.Categories[Category]);
        return new JsonObject
        {
            ["id"] = Id,
            ["category_id"] = CategoryGenerator.FirstId + Category,
            ["name"] = Name,
            ["short_name"] = Slug.Of(Name),
            ["category_short_name"] = category,
            ["url"] = $"https://www.springest.nl/{category}/{Slug.Of(Name)}",
            ["count"] = Count,
        };
    }
}
