namespace Springest.Functions.Storage;

/// <summary>Names of the tables, without prefix. All are made on start.</summary>
public static class Tables
{
    public const string Trainings = nameof(Trainings);
    public const string Institutes = nameof(Institutes);
    public const string Categories = nameof(Categories);
    public const string Subjects = nameof(Subjects);
    public const string Reviews = nameof(Reviews);
    public const string Certifications = nameof(Certifications);
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
        Trainings, Institutes, Categories, Subjects, Reviews, Certifications, Changes, MirrorState, MirrorPages, MirrorOrders, MirrorFields,
        WebhookInbox, WebhookDeliveries, Conversions, CertificateSubmissions, CertificateIndex, CertificateManifests, Quota,
    ];
}
