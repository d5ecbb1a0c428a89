using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>Categories (docs/springest-api.md, section 8.5).</summary>
public sealed class Categories(CatalogueCrawler crawler) : IMirroredResource
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

    [Function(nameof(CrawlCategories))]
    public Task CrawlCategories([TimerTrigger("%Springest:Mirror:Categories:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(Description, cancellationToken);
}
