using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates;

public static class CertificatesServiceCollectionExtensions
{
    /// <summary>Adds what takes certificates from the drop to Springest.</summary>
    public static IServiceCollection AddCertificates(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CertificatesOptions>().Bind(configuration.GetSection("Springest:Certificates")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CertificatesOptions>>(new AnnotatedOptionsValidator<CertificatesOptions>("Springest__Certificates"));
        services.AddSingleton<CertificateContainers>();
        services.AddSingleton<IStoragePart>(provider => provider.GetRequiredService<CertificateContainers>());
        return services
            .AddSingleton<AbandonedSubmissions>()
            .AddSingleton<CertificateBacklog>()
            .AddSingleton<CertificateDecisions>()
            .AddSingleton<CertificateDrop>()
            .AddSingleton<CertificateFiling>()
            .AddSingleton<CertificateIntake>()
            .AddSingleton<CertificateLedger>()
            .AddSingleton<CertificateMetrics>()
            .AddSingleton<CertificateMover>()
            .AddSingleton<CertificateSubmitter>()
            .AddSingleton<CertificateSweep>()
            .AddSingleton<CertificateVerification>()
            .AddSingleton<FieldChecks>()
            .AddSingleton<LedgerIndex>()
            .AddSingleton<ManifestKeeper>()
            .AddSingleton<ManifestParser>()
            .AddSingleton<ManifestProgress>()
            .AddSingleton<ManifestReader>()
            .AddSingleton<MetadataPatience>()
            .AddSingleton<MetadataReader>()
            .AddSingleton<Sentences>()
            .AddSingleton<SubmissionClaims>()
            .AddSingleton<SubmissionInquiry>()
            .AddSingleton<SubmissionOutcomes>();
    }
}
