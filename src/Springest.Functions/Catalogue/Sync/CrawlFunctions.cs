using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>The mirror's timers, one a resource.</summary>
public sealed class CrawlFunctions(CatalogueSync sync)
{
    [Function(nameof(CrawlCategories))]
    public Task CrawlCategories(
        [TimerTrigger("%Springest:Mirror:Categories:Schedule%")] TimerInfo timer,
        CancellationToken cancellationToken) => sync.CrawlAsync(Categories.Description, cancellationToken);

    [Function(nameof(CrawlCertifications))]
    public Task CrawlCertifications(
        [TimerTrigger("%Springest:Mirror:Certifications:Schedule%")] TimerInfo timer,
        CancellationToken cancellationToken) => sync.CrawlAsync(Certifications.Description, cancellationToken);

    [Function(nameof(CrawlInstitutes))]
    public Task CrawlInstitutes(
        [TimerTrigger("%Springest:Mirror:Institutes:Schedule%")] TimerInfo timer,
        CancellationToken cancellationToken) => sync.CrawlAsync(Institutes.Description, cancellationToken);

    [Function(nameof(CrawlReviews))]
    public Task CrawlReviews([TimerTrigger("%Springest:Mirror:Reviews:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => sync.CrawlAsync(Reviews.Description, cancellationToken);

    [Function(nameof(CrawlSubjects))]
    public Task CrawlSubjects([TimerTrigger("%Springest:Mirror:Subjects:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => sync.CrawlAsync(Subjects.Description, cancellationToken);

    [Function(nameof(CrawlTrainings))]
    public Task CrawlTrainings([TimerTrigger("%Springest:Mirror:Trainings:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
        => sync.CrawlAsync(Trainings.Description, cancellationToken);
}
