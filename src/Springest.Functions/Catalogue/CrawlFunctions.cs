using Microsoft.Azure.Functions.Worker;

namespace Springest.Functions.Catalogue;

/// <summary>The mirror's timers, one for each resource.</summary>
public sealed class CrawlFunctions(CatalogueCrawler crawler)
{
    [Function(nameof(CrawlTrainings))]
    public Task CrawlTrainings([TimerTrigger("%Springest:Mirror:Trainings:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Trainings, cancellationToken);

    [Function(nameof(CrawlInstitutes))]
    public Task CrawlInstitutes([TimerTrigger("%Springest:Mirror:Institutes:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Institutes, cancellationToken);

    [Function(nameof(CrawlCategories))]
    public Task CrawlCategories([TimerTrigger("%Springest:Mirror:Categories:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Categories, cancellationToken);

    [Function(nameof(CrawlSubjects))]
    public Task CrawlSubjects([TimerTrigger("%Springest:Mirror:Subjects:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Subjects, cancellationToken);

    [Function(nameof(CrawlReviews))]
    public Task CrawlReviews([TimerTrigger("%Springest:Mirror:Reviews:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Reviews, cancellationToken);

    [Function(nameof(CrawlCertifications))]
    public Task CrawlCertifications([TimerTrigger("%Springest:Mirror:Certifications:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => crawler.CrawlAsync(CatalogueResource.Certifications, cancellationToken);
}
