using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Subjects (contract, section 8.6).</summary>
internal static class Subjects
{
    public static ResourceDescription Description { get; } = new()
    {
        Resource = CatalogueResource.Subjects,
        Table = Tables.Subjects,
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
