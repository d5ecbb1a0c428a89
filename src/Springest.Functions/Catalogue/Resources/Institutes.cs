namespace Springest.Functions.Catalogue.Resources;

/// <summary>Institutes (docs/springest-api.md, section 8.4).</summary>
public static class Institutes
{
    public static ResourceDescription Description { get; } =
        new()
        {
            Name = nameof(Institutes),
            Path = "institutes",
            Fields = new HashSet<string>
            {
                "id",
                "name",
                "short_name",
                "url",
                "logo",
                "provider_url",
                "description",
                "average_rating",
                "count",
            },
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
