using Springest.Functions.Catalogue.Api;
using Springest.Functions.Quota;

namespace Springest.Functions.Status.Report;

/// <summary>How one site stands.</summary>
public sealed record SiteStatus(
    string Site,
    IReadOnlyList<QuotaStatus> Quota,
    IReadOnlyList<ResourceStatus> Catalogue,
    InboxFigures Inbox,
    IReadOnlyList<DeliveryFigures> Deliveries,
    IReadOnlyList<CertificateFigures> Certificates);
