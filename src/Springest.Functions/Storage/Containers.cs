namespace Springest.Functions.Storage;

/// <summary>Names of the blob containers, without prefix. All are made on start.</summary>
public static class Containers
{
    public const string Certificates = "certificates";
    public const string CertificatesAccepted = "certificates-accepted";
    public const string CertificatesRejected = "certificates-rejected";
    public const string WebhookBodies = "webhook-bodies";

    /// <summary>Records too large for an entity.</summary>
    public const string CatalogueRecords = "catalogue-records";

    public static readonly IReadOnlyList<string> All =
        [Certificates, CertificatesAccepted, CertificatesRejected, WebhookBodies, CatalogueRecords];
}
