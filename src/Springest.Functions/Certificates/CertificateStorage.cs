namespace Springest.Functions.Certificates;

/// <summary>Names of the certificates' tables, without prefix. The containers have a setting of their own.</summary>
public static class CertificateStorage
{
    public const string Submissions = "CertificateSubmissions";
    public const string Index = "CertificateIndex";
    public const string Manifests = "CertificateManifests";
}
