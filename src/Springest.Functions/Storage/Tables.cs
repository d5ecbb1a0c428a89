using Springest.Functions.Catalogue;

namespace Springest.Functions.Storage;

/// <summary>Names of the tables, without prefix. A mirrored resource has one of its own name. All are made on start.</summary>
public static class Tables
{
    public const string Changes = nameof(Changes);
    public const string MirrorState = nameof(MirrorState);
    public const string MirrorPages = nameof(MirrorPages);
    public const string MirrorOrders = nameof(MirrorOrders);
    public const string MirrorFields = nameof(MirrorFields);
    public const string WebhookInbox = nameof(WebhookInbox);
    public const string WebhookDeliveries = nameof(WebhookDeliveries);
    public const string Conversions = nameof(Conversions);
    public const string CertificateSubmissions = nameof(CertificateSubmissions);
    public const string CertificateIndex = nameof(CertificateIndex);
    public const string CertificateManifests = nameof(CertificateManifests);
    public const string Quota = nameof(Quota);

    public static readonly IReadOnlyList<string> All =
    [
        .. ResourceDescription.All.Select(resource => resource.Name), Changes, MirrorState, MirrorPages, MirrorOrders, MirrorFields, WebhookInbox,
        WebhookDeliveries, Conversions, CertificateSubmissions, CertificateIndex, CertificateManifests, Quota,
    ];
}
