using Springest.Functions.Catalogue.Api;

namespace Springest.Functions.Status.Report;

/// <summary>How one site stands.</summary>
public sealed record SiteStatus(
    string Site,
    IReadOnlyList<QuotaFigures> Quota,
    IReadOnlyList<ResourceStatus> Catalogue,
    InboxFigures Inbox,
    IReadOnlyList<DeliveryFigures> Deliveries,
    IReadOnlyList<CertificateFigures> Certificates);
