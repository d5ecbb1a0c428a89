using Springest.Functions.Storage;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Institutes (contract, section 8.4).</summary>
internal static class Institutes
{
    public static ResourceDescription Description { get; } = new()
    {
        Resource = CatalogueResource.Institutes,
        Table = Tables.Institutes,
        Path = "institutes",
        Fields = new HashSet<string> { "id", "name", "short_name", "url", "logo", "provider_url", "description", "average_rating", "count" },
        Columns =
        [
            Column.Text("Name", "name"),
            Column.Text("ShortName", "short_name"),
            .. Column.NumberAndText("AverageRating", "average_rating"),
            Column.Whole("ReviewCount", "count"),
            Column.Text("Url", "url"),
            Column.Text("ProviderUrl", "provider_url"),
            Column.Text("Logo", "logo"),
        ],
    };
}
