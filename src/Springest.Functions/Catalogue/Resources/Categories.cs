namespace Springest.Functions.Catalogue.Resources;

/// <summary>Categories (docs/springest-api.md, section 8.5).</summary>
public static class Categories
{
    public static ResourceDescription Description { get; } = new()
    {
        Name = nameof(Categories),
        Path = "categories",
        Query = [new("version", "2")],
        Fields = new HashSet<string> { "id", "name", "short_name", "count", "url" },
        Columns =
        [
            Column.Text("Name", "name"),
            Column.Text("ShortName", "short_name"),
            Column.Whole("TrainingCount", "count"),
            Column.Text("Url", "url"),
        ],
    };
}
