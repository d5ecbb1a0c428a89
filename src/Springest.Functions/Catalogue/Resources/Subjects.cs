namespace Springest.Functions.Catalogue.Resources;

/// <summary>Subjects (docs/springest-api.md, section 8.6).</summary>
public static class Subjects
{
    public static ResourceDescription Description { get; } = new()
    {
        Name = nameof(Subjects),
        Path = "subjects",
        Fields = new HashSet<string> { "id", "category_id", "name", "short_name", "category_short_name", "url", "count" },
        Columns =
        [
            Column.Text("Name", "name"),
            Column.Text("ShortName", "short_name"),
            Column.Whole("CategoryId", "category_id"),
            Column.Text("CategoryShortName", "category_short_name"),
            Column.Whole("TrainingCount", "count"),
            Column.Text("Url", "url"),
        ],
    };
}
