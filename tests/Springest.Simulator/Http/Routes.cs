using Springest.Simulator.Endpoints;

namespace Springest.Simulator.Http;

/// <summary>Every endpoint (contract, section 8).</summary>
internal static class Routes
{
    public static readonly IReadOnlyList<Route> All =
    [
        new("GET", "trainings", Feature.Catalogue, TrainingEndpoints.List),
        new("GET", "trainings/:id", Feature.Catalogue, TrainingEndpoints.Show),
        new("GET", "institutes", Feature.Catalogue, InstituteEndpoints.List),
        new("GET", "institutes/:id", Feature.Catalogue, InstituteEndpoints.Show),
        new("GET", "subjects", Feature.Catalogue, SubjectEndpoints.List),
        new("GET", "subjects/:id", Feature.Catalogue, SubjectEndpoints.Show),
        new("GET", "certifications", Feature.Certificates, CertificationEndpoints.List),
        new("GET", "users/certificates", Feature.Certificates, CertificateEndpoints.List),
        new("POST", "certificates", Feature.Certificates, CertificateEndpoints.CreateAsync),
        new("POST", "users/certificates", Feature.Certificates, CertificateEndpoints.CreateAsync),
    ];
}
