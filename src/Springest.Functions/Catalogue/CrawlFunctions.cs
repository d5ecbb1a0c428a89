using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror's timers, one for each resource.</summary>
public sealed class CrawlFunctions(CatalogueCrawler crawler)
{
    [Function(nameof(CrawlTrainings))]
    public Task CrawlTrainings([TimerTrigger("%Springest:Mirror:Trainings:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Trainings, cancellationToken);

    [Function(nameof(CrawlSubjects))]
    public Task CrawlSubjects([TimerTrigger("%Springest:Mirror:Subjects:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Subjects, cancellationToken);

    [Function(nameof(CrawlCertifications))]
    public Task CrawlCertifications([TimerTrigger("%Springest:Mirror:Certifications:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Certifications, cancellationToken);
}
