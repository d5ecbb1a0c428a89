using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Categories (contract, section 8.5).</summary>
internal static class Categories
{
    public static ResourceDescription Description { get; } = new()
    {
        Resource = CatalogueResource.Categories,
        Table = Tables.Categories,
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
