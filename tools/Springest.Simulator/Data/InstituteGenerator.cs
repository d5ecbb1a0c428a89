using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>Institutes (docs/springest-api.md, section 8.4); a few have neither logo nor site.</summary>
internal static class InstituteGenerator
{
    private const long FirstId = 501001;

    public static IReadOnlyList<JsonObject> Put(Catalogue catalogue, Random random, int count)
    {
        var institutes = new List<JsonObject>(count);
        for (var index = 0; index < count; index++)
        {
            var institute = Draw(random, index);
            catalogue.Institutes.Put(institute);
            institutes.Add(Embedded(institute));
        }

        return institutes;
    }

    private static JsonObject Draw(Random random, int index)
    {
        var name = Vocabulary.Institutes[index % Vocabulary.Institutes.Length];
        if (index >= Vocabulary.Institutes.Length)
            name += $" {Vocabulary.Regions[random.Next(Vocabulary.Regions.Length)].Name} {(index / Vocabulary.Institutes.Length) + 1}";
        var slug = Slug.Of(name);
        var bare = random.Next(8) == 0;
        var reviewed = random.Next(5) > 0;
        return new JsonObject
        {
            ["id"] = FirstId + index,
            ["name"] = name,
            ["short_name"] = slug,
            ["url"] = $"https://www.springest.nl/{slug}",
            ["logo"] = bare ? null : $"https://static.example.test//images/logos/{slug}-logo-big.gif",
            ["provider_url"] = bare ? null : $"https://www.{slug}.example",
            ["description"] = random.Next(4) == 0 ? null : $"<p>{Vocabulary.Sentences[random.Next(Vocabulary.Sentences.Length)]}</p>",
            ["average_rating"] = reviewed ? random.Next(60, 99) / 10m : null,
            ["count"] = reviewed ? random.Next(1, 400) : 0,
        };
    }

    // Within a training an institute has these fields only.
    private static JsonObject Embedded(JsonObject institute)
        => new(institute.Take(6).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
}
